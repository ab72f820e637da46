"""Changes mode and time of the file of another student: here to what they are.

succeeds: done
stopped by: system calls or private view
"""
import os

path = "@NEIGHBOUR@"
found = os.stat(path)
os.chmod(path, found.st_mode & 0o7777)
os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))
print("@TOKEN@")
