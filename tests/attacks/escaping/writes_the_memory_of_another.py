"""Writes into the memory of another process: here only what is there already.

succeeds: done
stopped by: files or private view
"""
for line in open("/proc/@VICTIM@/maps"):
    if "[stack]" in line:
        place = int(line.split()[0].split("-")[1], 16) - 8
with open("/proc/@VICTIM@/mem", "r+b", 0) as memory:
    memory.seek(place)
    content = memory.read(8)
    memory.seek(place)
    if memory.write(content) == 8:
        print("@TOKEN@")
