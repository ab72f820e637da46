"""Shares a port with a server of the same account, which then loses some of its callers.

succeeds: done
stopped by: system calls or files
"""
import socket

server = socket.create_server(("127.0.0.1", 0), reuse_port=True)
thief = socket.create_server(server.getsockname(), reuse_port=True)
for _ in range(64):
    socket.create_connection(server.getsockname())
thief.settimeout(0.2)
if thief.accept():
    print("@TOKEN@")
