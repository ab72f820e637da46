"""Reads the memory of another process through its file.

succeeds: read
stopped by: files or private view
"""
import re

for line in open("/proc/@VICTIM@/maps"):
    if "[stack]" in line:
        start, end = (int(address, 16) for address in line.split()[0].split("-"))
with open("/proc/@VICTIM@/mem", "rb", 0) as memory:
    memory.seek(max(start, end - 16384))
    print(*re.findall(rb"[ -~]{6,}", memory.read(end - max(start, end - 16384))), sep="\n")
