"""Makes a table for programs that run inside the kernel.

succeeds: done
stopped by: system calls or private view
control: none, most systems keep it from ordinary users
"""
import ctypes
import platform
import struct

BPF, MAP_CREATE = {"x86_64": 321, "aarch64": 280}[platform.machine()], 0
array = ctypes.create_string_buffer(struct.pack("IIIII", 2, 4, 8, 1, 0), 128)
if ctypes.CDLL(None).syscall(BPF, MAP_CREATE, array, 72) >= 0:
    print("@TOKEN@")
