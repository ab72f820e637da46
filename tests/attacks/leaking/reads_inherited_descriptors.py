"""Reads whatever file or folder somebody has left open for it.

succeeds: read
stopped by: process
control: none, nothing is left open for a stage whatever layer is missing
"""
import os
import stat

for number in range(3, 512):
    try:
        mode = os.fstat(number).st_mode
        if stat.S_ISREG(mode):
            print(os.pread(number, 1 << 16, 0))
        elif stat.S_ISDIR(mode):
            for name in os.listdir(number):
                print(name, os.read(os.open(name, os.O_RDONLY | os.O_NONBLOCK, dir_fd=number), 1 << 16))
    except OSError:
        continue
