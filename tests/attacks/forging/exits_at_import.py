"""Ends the process with a good exit status before anything has been asked of it.

succeeds: points
stopped by: process
"""

import os

os._exit(0)
