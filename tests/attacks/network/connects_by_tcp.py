"""Connects to another program over TCP.

succeeds: sent
stopped by: system calls or files or private view
"""
import socket

socket.create_connection(("127.0.0.1", int("@TCP@"))).sendall(b"@TOKEN@")
