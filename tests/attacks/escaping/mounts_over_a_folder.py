"""Mounts an empty disk over a folder, in namespaces in which it may.

succeeds: done
stopped by: system calls or files or private view
"""
import ctypes
import os

CLONE_NEWNS, CLONE_NEWUSER = 0x00020000, 0x10000000
libc, folder = ctypes.CDLL(None), os.getcwd()
child = os.fork()
if child == 0:
    if libc.unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 and libc.mount(b"none", folder.encode(), b"tmpfs", 0, None) == 0:
        if os.listdir(folder) == []:
            os.write(1, b"@TOKEN@\n")
    os._exit(0)
os.waitpid(child, 0)
