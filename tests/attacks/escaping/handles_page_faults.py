"""Takes over the page faults of its memory, with which races in the kernel are won.

succeeds: done
stopped by: system calls
"""
import ctypes
import platform

USERFAULTFD, USER_MODE_ONLY = {"x86_64": 323, "aarch64": 282}[platform.machine()], 1
if ctypes.CDLL(None).syscall(USERFAULTFD, USER_MODE_ONLY) >= 0:
    print("@TOKEN@")
