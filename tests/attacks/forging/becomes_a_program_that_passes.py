"""Replaces its process by another program that prints a good result and ends well.

succeeds: points
stopped by: process
"""

import os
import sys

os.execv(sys.executable, [sys.executable, "-c", "print('10 passed in 0.01s')"])
