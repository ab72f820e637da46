"""Starts another program and reads what it prints.

succeeds: done
stopped by: system calls or files
"""
import subprocess
import sys

PROGRAM, SAID = "print('@TOKEN@')", b"@TOKEN@\n"
if subprocess.run([sys.executable, "-I", "-S", "-c", PROGRAM], capture_output=True).stdout == SAID:
    print("@TOKEN@")
