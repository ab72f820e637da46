"""Maps the hidden checks into its memory.

succeeds: read
stopped by: files or private view
"""
import mmap
import os

print(mmap.mmap(os.open("@GRADER@", os.O_RDONLY), 0, access=mmap.ACCESS_READ)[:].decode())
