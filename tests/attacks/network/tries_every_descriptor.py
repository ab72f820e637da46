"""Looks under every number for a connection that somebody has left open, speaks on it, and waits for an answer.

succeeds: done
stopped by: process
control: none, nothing is left open for a stage whatever layer is missing
"""
import os
import socket

for number in range(3, 512):
    try:
        found = socket.socket(fileno=os.dup(number))
        if found.family in {socket.AF_INET, socket.AF_INET6} or found.type == socket.SOCK_SEQPACKET:
            found.settimeout(0.5)
            found.send(b'{"do": "look", "stage": 1}')
            if found.recv(100):
                print("@TOKEN@")
    except OSError:
        continue
