"""Has the kernel tell it what happens in the repository.

succeeds: done
stopped by: system calls or private view
"""
import ctypes

libc = ctypes.CDLL(None)
if libc.inotify_add_watch(libc.inotify_init1(0), b"@ROOT@", 0xFFF) >= 0:
    print("@TOKEN@")
