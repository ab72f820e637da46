"""Kills another process of the same account by its number.

succeeds: done
stopped by: system calls or files or private view
"""
import os
import signal

os.kill(int("@VICTIM@"), signal.SIGKILL)
print("@TOKEN@")
