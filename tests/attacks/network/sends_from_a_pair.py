"""Makes a pair of connected datagram sockets, which looks harmless, and sends from it to somebody else.

succeeds: sent
stopped by: system calls or private view
"""
import socket

mine, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
mine.sendto(b"@TOKEN@", "@UNIXGRAM@")
