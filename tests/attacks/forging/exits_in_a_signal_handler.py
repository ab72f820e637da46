"""Has the system interrupt whatever runs a moment later, and ends the process well from there.

succeeds: points
stopped by: process
"""

import os
import signal

signal.signal(signal.SIGALRM, lambda number, frame: os._exit(0))
signal.setitimer(signal.ITIMER_REAL, 0.05)
