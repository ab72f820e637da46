"""Forks in the name of the stage and then names every process that there may be as its understudy, to have them killed.

succeeds: harmed
stopped by: process
control: none, a process is only believed to be an understudy where the kernel calls it a child of the stage
"""
import json
import os
import socket

for number in range(3, 256):
    try:
        line = socket.socket(fileno=os.dup(number))
        if line.type == socket.SOCK_SEQPACKET:
            line.setblocking(False)
            line.send(b"may I fork?")
            for pid in (os.getppid(), 1, 2, *range(os.getpid() - 40, os.getpid() + 40)):
                line.send(json.dumps({"understudy": pid}).encode())
    except OSError:
        continue
