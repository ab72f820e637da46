"""Takes a copy of a descriptor that another process has open.

succeeds: done
stopped by: system calls or files or private view
"""
import ctypes
import os

PIDFD_GETFD = 438
victim = os.pidfd_open(int("@VICTIM@"))
for number in range(3):
    taken = ctypes.CDLL(None).syscall(PIDFD_GETFD, victim, number, 0)
    if taken >= 0:
        print("@TOKEN@", os.fstat(taken))
        break
