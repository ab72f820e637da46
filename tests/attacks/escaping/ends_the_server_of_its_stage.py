"""Ends the process that it was forked from, and so everybody who is graded beside it.

succeeds: harmed
stopped by: system calls or files
"""
import os
import signal

parent = os.getppid()
if parent > 1:
    os.kill(parent, signal.SIGUSR1)
    while os.getppid() == parent:
        pass
