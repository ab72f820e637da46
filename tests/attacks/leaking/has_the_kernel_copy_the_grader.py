"""Has the kernel copy the hidden checks to its output, past everything that Python could watch.

succeeds: read
stopped by: files or private view
"""
import ctypes
import os

source = ctypes.CDLL(None).open(b"@GRADER@", os.O_RDONLY)
os.sendfile(1, source, 0, 1 << 16)
