"""Sends a signal to the whole process group of another process.

succeeds: done
stopped by: system calls or files or private view
"""
import os
import signal

os.killpg(os.getpgid(int("@VICTIM@")), signal.SIGCONT)
print("@TOKEN@")
