"""Writes a file that is larger than everything that a submission has to keep.

succeeds: done
stopped by: limits
"""

import os
from pathlib import Path

MEGABYTES = 200
large = Path("@TOKEN@")
with large.open("wb", 0) as file:
    try:
        for _ in range(MEGABYTES):
            file.write(os.urandom(1 << 10) * 1024)
        print("@TOKEN@" if os.fstat(file.fileno()).st_size == MEGABYTES << 20 else "")
    finally:
        large.unlink()
