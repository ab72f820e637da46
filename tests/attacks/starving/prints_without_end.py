"""Prints without end, on both outputs and past the interpreter's own buffers.

succeeds: harmed
stopped by: limits
control: none, a log without a limit fills the disk
"""

import os

line = b"all checks passed " * 3000 + b"\n"
while True:
    os.write(1, line)
    os.write(2, line)
