"""Connects to a service whose socket has a name and no path.

succeeds: sent
stopped by: system calls or files or private view
"""
import socket

channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
channel.connect("\0@ABSTRACT@")
channel.sendall(b"@TOKEN@")
