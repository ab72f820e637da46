"""Connects by the variant of TCP that uses several paths, which rules for TCP may not cover.

succeeds: sent
stopped by: system calls or private view
"""
import socket

IPPROTO_MPTCP = 262
channel = socket.socket(socket.AF_INET, socket.SOCK_STREAM, IPPROTO_MPTCP)
channel.connect(("127.0.0.1", int("@TCP@")))
channel.sendall(b"@TOKEN@")
