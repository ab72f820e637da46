"""Sends a datagram to another program.

succeeds: sent
stopped by: system calls or private view
"""
import socket

socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"@TOKEN@", ("127.0.0.1", int("@UDP@")))
