"""Leaves a message in a queue of the kernel, where the next stage finds it; here it is taken out again.

succeeds: done
stopped by: limits or files or system calls
"""
import ctypes
import os

libc, name = ctypes.CDLL(None), b"/@TOKEN@"
first = libc.mq_open(name, os.O_CREAT | os.O_RDWR | os.O_NONBLOCK, 0o600, None)
libc.mq_send(first, name, len(name), 0)
os.close(first)
buffer = ctypes.create_string_buffer(1 << 14)
if libc.mq_receive(libc.mq_open(name, os.O_RDWR | os.O_NONBLOCK), buffer, len(buffer), None) == len(name):
    print("@TOKEN@")
libc.mq_unlink(name)
