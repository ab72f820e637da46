"""Sets up a queue through which the kernel works without any further call.

succeeds: done
stopped by: limits or system calls
"""
import ctypes

IO_URING_SETUP = 425
if ctypes.CDLL(None).syscall(IO_URING_SETUP, 4, ctypes.create_string_buffer(120)) >= 0:
    print("@TOKEN@")
