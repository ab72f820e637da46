"""Has the kernel signal another process by making it the owner of a pipe that becomes readable.

succeeds: done
stopped by: system calls or files or private view
"""
import fcntl
import os
import signal

F_SETSIG = 10
reader, writer = os.pipe()
fcntl.fcntl(reader, fcntl.F_SETOWN, int("@VICTIM@"))
fcntl.fcntl(reader, F_SETSIG, int(signal.SIGKILL))
fcntl.fcntl(reader, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
os.write(writer, b"now")
for _ in range(2000):
    try:
        state = open("/proc/@VICTIM@/stat").read().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        state = "X"
    if state in "ZX":
        print("@TOKEN@")
        break
