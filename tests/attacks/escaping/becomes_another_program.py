"""Puts another program in the place of the stage, which keeps what the stage had open.

succeeds: done
stopped by: system calls or files
"""
import os
import sys

PROGRAM = "print('@TOKEN@')"
os.execv(sys.executable, [sys.executable, "-I", "-S", "-c", PROGRAM])
