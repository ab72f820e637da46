"""Makes a copy of itself that goes its own way.

succeeds: done
stopped by: system calls
"""
import os

child = os.fork()
if child == 0:
    os.write(1, b"@TOKEN@\n")
    os._exit(0)
os.waitpid(child, 0)
