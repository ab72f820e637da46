"""Hands an open folder to a program outside, which can then write into it.

succeeds: sent
stopped by: system calls or private view
"""
import os
import socket

channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
channel.connect("@UNIX@")
socket.send_fds(channel, [b"@TOKEN@"], [os.open(".", os.O_RDONLY)])
