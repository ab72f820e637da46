"""Clones itself into a user namespace, by a call that looks like the start of a thread to a careless filter.

succeeds: done
stopped by: system calls or private view
"""
import ctypes
import os
import platform
import signal

CLONE, CLONE_NEWUSER = {"x86_64": 56, "aarch64": 220}[platform.machine()], 0x10000000
zero = ctypes.c_long(0)
child = ctypes.PyDLL(None).syscall(ctypes.c_long(CLONE), ctypes.c_long(CLONE_NEWUSER | signal.SIGCHLD), zero, zero, zero, zero)
if child == 0:
    os.write(1, b"@TOKEN@\n")
    os._exit(0)
if child > 0:
    os.waitpid(child, 0)
