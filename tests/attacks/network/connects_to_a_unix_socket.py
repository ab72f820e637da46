"""Connects to a service on this machine by the path of its socket, as one does with Docker.

succeeds: sent
stopped by: system calls or private view
"""
import socket

channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
channel.connect("@UNIX@")
channel.sendall(b"GET /containers/json HTTP/1.0\r\n\r\n")
