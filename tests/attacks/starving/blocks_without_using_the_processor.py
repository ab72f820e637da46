"""Holds the interpreter in a call of the C library that only waits.

succeeds: harmed
stopped by: limits
control: none, it harms only whoever waits
"""

import ctypes

ctypes.PyDLL(None).sleep(2)  # PyDLL keeps the interpreter's lock; two seconds stand for a year
