"""Makes itself root of a network of its own, where raw packets are open to it.

succeeds: done
stopped by: system calls or private view
"""
import ctypes
import os
import socket

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
child = os.fork()
if child == 0:
    if ctypes.CDLL(None).unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0:
        socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        os.write(1, b"@TOKEN@\n")
    os._exit(0)
os.waitpid(child, 0)
