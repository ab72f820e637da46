"""Asks for a socket with the bit set that stands for a third table of calls.

succeeds: done
stopped by: system calls
control: none, few kernels have this table
"""
import ctypes

X32, SOCKET = 0x40000000, 41
if ctypes.CDLL(None).syscall(X32 | SOCKET, 2, 1, 0) >= 0:
    print("@TOKEN@")
