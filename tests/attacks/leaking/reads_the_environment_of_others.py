"""Reads the environment of every process that it can see, where tokens are kept.

succeeds: read
stopped by: files or private view
"""
import os

variables = {}
for pid in filter(str.isdecimal, os.listdir("/proc")):
    try:
        content = open(f"/proc/{pid}/environ", errors="replace").read()
    except OSError:
        continue  # somebody else's, or over by now
    variables.update(dict.fromkeys(content.split("\0")))
print(*variables, sep="\n")
