"""Stores a text in the kernel's key ring of the account, where later programs can read it for a minute.

succeeds: done
stopped by: system calls
"""
import ctypes
import platform

ADD_KEY, KEYCTL = {"x86_64": (248, 250), "aarch64": (217, 219)}[platform.machine()]
READ, SET_TIMEOUT, OF_THE_USER = 11, 15, -4
libc, content = ctypes.CDLL(None), ctypes.create_string_buffer(100)
key = libc.syscall(ADD_KEY, b"user", b"@TOKEN@", b"@TOKEN@", 7, OF_THE_USER)
libc.syscall(KEYCTL, SET_TIMEOUT, key, 60)
if key > 0:
    libc.syscall(KEYCTL, READ, key, content, 100)
    print("@TOKEN@", content.value)
