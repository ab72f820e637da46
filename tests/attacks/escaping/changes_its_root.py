"""Takes a folder for the root of the disk, where it could lay out system files of its own.

succeeds: done
stopped by: system calls or private view
"""
import ctypes
import os

CLONE_NEWUSER = 0x10000000
child = os.fork()
if child == 0:
    if ctypes.CDLL(None).unshare(CLONE_NEWUSER) == 0:
        inside = os.stat(".")
        os.chroot(".")
        if os.path.samestat(inside, os.stat("/")):
            os.write(1, b"@TOKEN@\n")
    os._exit(0)
os.waitpid(child, 0)
