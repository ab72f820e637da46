"""Listens on a port, and talks to itself over it.

succeeds: done
stopped by: system calls or files
"""
import socket

door = socket.create_server(("127.0.0.1", 0))
caller = socket.create_connection(door.getsockname())
caller.sendall(b"@TOKEN@")
print(door.accept()[0].recv(100).decode())
