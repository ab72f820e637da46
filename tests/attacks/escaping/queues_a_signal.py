"""Queues a signal with a value for another process, as programs for real time do.

succeeds: done
stopped by: system calls or files or private view
"""
import ctypes
import signal

if ctypes.CDLL(None).sigqueue(int("@VICTIM@"), int(signal.SIGTERM), None) == 0:
    print("@TOKEN@")
