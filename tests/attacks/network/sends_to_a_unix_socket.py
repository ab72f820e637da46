"""Sends a datagram to a service on this machine, as one does with the system's log.

succeeds: sent
stopped by: system calls or private view
"""
import socket

socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"<13>@TOKEN@", "@UNIXGRAM@")
