"""Leaves a named semaphore behind.

succeeds: file
stopped by: system calls or files or private view
"""
import _multiprocessing

_multiprocessing.SemLock(1, 1, 1, "/@TOKEN@", False)
