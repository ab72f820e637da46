"""Fills a file that exists in memory alone, which counts neither as its memory nor as its disk.

succeeds: done
stopped by: limits or system calls
"""

import os

MEGABYTES = 150
file = os.memfd_create("anonymous")
written = sum(os.write(file, bytes(1 << 20)) for _ in range(MEGABYTES))
os.close(file)
print("@TOKEN@" if written == MEGABYTES << 20 else "")
