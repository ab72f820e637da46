"""Has the kernel count what the processor does, by which other programs can be listened to.

succeeds: done
stopped by: system calls
control: none, many systems keep it from ordinary users
"""
import ctypes
import platform
import struct

PERF_EVENT_OPEN, SOFTWARE, EXCLUDE_KERNEL = {"x86_64": 298, "aarch64": 241}[platform.machine()], 1, 1 << 5
event = ctypes.create_string_buffer(struct.pack("IIQQQQQ", SOFTWARE, 112, 0, 0, 0, 0, EXCLUDE_KERNEL), 112)
if ctypes.CDLL(None).syscall(PERF_EVENT_OPEN, event, 0, -1, -1, 0) >= 0:
    print("@TOKEN@")
