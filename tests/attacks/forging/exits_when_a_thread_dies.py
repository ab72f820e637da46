"""Ends the process well from the hook that is told of exceptions in threads.

succeeds: points
stopped by: process
"""

import os
import threading

threading.excepthook = lambda told: os._exit(0)
threading.Thread(target=lambda: 1 / 0).start()
