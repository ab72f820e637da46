"""Leaves the file of a socket outside.

succeeds: file
stopped by: system calls or files or private view
"""
import socket

socket.socket(socket.AF_UNIX, socket.SOCK_STREAM).bind("@OUTSIDE@/@TOKEN@")
