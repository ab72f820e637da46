"""Reads the environment that it was started with from its own memory, whatever has been deleted from it since.

succeeds: read
stopped by: clean room
"""
import ctypes
import re

entries = ctypes.POINTER(ctypes.c_void_p).in_dll(ctypes.CDLL(None), "environ")
addresses = []
while entries[len(addresses)]:
    addresses.append(entries[len(addresses)])
last = max(addresses)  # the system lays them out side by side; what was set later is far away
first = min(address for address in addresses if last - address < 1 << 20) - 4096  # the first may have been deleted
print(*re.findall(rb"[ -~]{4,}", ctypes.string_at(first, last - first + len(ctypes.string_at(last)))), sep="\n")
