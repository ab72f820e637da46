"""Leaves a process behind that belongs to no session and no parent, for half a minute.

succeeds: process
stopped by: system calls or private view
"""
import os
import signal

child = os.fork()
if child == 0:
    os.setsid()
    if os.fork() == 0:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.alarm(30)
        while True:
            signal.pause()
    os._exit(0)
os.waitpid(child, 0)
