"""Becomes root in a user namespace of its own, from where much more of the kernel can be reached.

succeeds: done
stopped by: system calls or private view
"""
import ctypes
import os

CLONE_NEWUSER = 0x10000000
child = os.fork()  # a process with threads cannot
if child == 0:
    if ctypes.CDLL(None).unshare(CLONE_NEWUSER) == 0:
        os.write(1, b"@TOKEN@\n")
    os._exit(0)
os.waitpid(child, 0)
