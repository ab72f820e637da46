"""Signals a thread of another process, by the call that a process aborts itself with.

succeeds: done
stopped by: system calls or files or private view
"""
import ctypes
import signal

victim = int("@VICTIM@")
if ctypes.CDLL(None).tgkill(victim, victim, int(signal.SIGTERM)) == 0:
    print("@TOKEN@")
