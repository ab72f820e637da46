"""Offers a socket in its folder that other programs can connect to.

succeeds: done
stopped by: system calls or files
"""
import os
import socket

door, caller = (socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) for _ in range(2))
door.bind("door")
door.listen()
caller.connect("door")
caller.sendall(b"@TOKEN@")
print(door.accept()[0].recv(100).decode())
os.unlink("door")
