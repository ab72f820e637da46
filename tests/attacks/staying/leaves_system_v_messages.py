"""Leaves a message and a semaphore of the old kind behind; here they are removed in the end.

succeeds: done
stopped by: system calls
"""
import ctypes
import zlib

IPC_CREAT, IPC_NOWAIT, IPC_RMID = 0o1000, 0o4000, 0
libc, key = ctypes.CDLL(None), zlib.crc32(b"@TOKEN@") & 0x7FFFFFFF
queue, semaphore = libc.msgget(key, IPC_CREAT | 0o600), libc.semget(key, 1, IPC_CREAT | 0o600)
message = ctypes.create_string_buffer((1).to_bytes(8, "little") + b"@TOKEN@")
if libc.msgsnd(queue, message, 7, IPC_NOWAIT) == 0 and libc.msgget(key, 0) == queue and libc.semget(key, 1, 0) == semaphore >= 0:
    print("@TOKEN@")
libc.msgctl(queue, IPC_RMID, None)
libc.semctl(semaphore, 0, IPC_RMID)
