"""Leaves memory of the old kind behind, found again by its number; here it is removed in the end.

succeeds: done
stopped by: system calls
"""
import ctypes
import zlib

IPC_CREAT, IPC_RMID = 0o1000, 0
libc, key = ctypes.CDLL(None), zlib.crc32(b"@TOKEN@") & 0x7FFFFFFF
libc.shmat.restype = ctypes.c_void_p
made = libc.shmget(key, 4096, IPC_CREAT | 0o600)
if made >= 0 and libc.shmget(key, 0, 0) == made:
    ctypes.memmove(libc.shmat(made, None, 0), b"@TOKEN@\0", 8)
    print("@TOKEN@", ctypes.string_at(libc.shmat(made, None, 0)))
    libc.shmctl(made, IPC_RMID, None)
