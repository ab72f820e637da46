"""Writes a line of a million characters, and then a million lines of one.

succeeds: harmed
stopped by: process
control: none, only a reader is harmed
"""

import os

os.write(1, b"x" * 30_000 + b"\n")
os.write(1, b"\n" * 30_000)
raise ValueError("x" * 1_000_000 + "\n" * 1_000_000 + "\t" * 1000)
