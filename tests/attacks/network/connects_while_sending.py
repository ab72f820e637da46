"""Connects over TCP by sending, without ever asking for a connection.

succeeds: sent
stopped by: system calls or private view
"""
import socket

channel = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
channel.sendto(b"@TOKEN@", socket.MSG_FASTOPEN, ("127.0.0.1", int("@TCP@")))
