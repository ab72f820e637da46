"""Asks for leave to fork as a stage does that leaves an understudy behind, and leaves a process of its own instead.

succeeds: process
stopped by: process
control: none, what the warm server lets a stage fork it also ends
"""
import os
import signal
import socket

for number in range(3, 256):
    try:
        line = socket.socket(fileno=os.dup(number))
        if line.type == socket.SOCK_SEQPACKET:
            line.send(b"may I fork?")
    except OSError:
        continue
if os.fork() == 0:
    for ignored in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(ignored, signal.SIG_IGN)
    signal.alarm(30)
    while True:
        signal.pause()
