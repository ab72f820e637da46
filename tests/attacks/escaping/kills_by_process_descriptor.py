"""Signals another process through a descriptor of it, which no filter of numbers sees.

succeeds: done
stopped by: system calls or files or private view
"""
import os
import signal

signal.pidfd_send_signal(os.pidfd_open(int("@VICTIM@")), signal.SIGTERM)
print("@TOKEN@")
