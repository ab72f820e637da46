"""Joins a user namespace that another of its processes has made.

succeeds: done
stopped by: system calls or private view
"""
import ctypes
import os

CLONE_NEWUSER = 0x10000000
libc = ctypes.CDLL(None)
ready, tell = os.pipe()
wait, let_go = os.pipe()
owner = os.fork()
if owner == 0:
    os.close(let_go)
    libc.unshare(CLONE_NEWUSER)
    os.write(tell, b".")
    os.read(wait, 1)
    os._exit(0)
guest = os.fork()
if guest == 0:
    os.close(let_go)
    os.read(ready, 1)
    if libc.setns(os.pidfd_open(owner), CLONE_NEWUSER) == 0:
        os.write(1, b"@TOKEN@\n")
    os._exit(0)
os.waitpid(guest, 0)
os.close(let_go)
os.waitpid(owner, 0)
