"""Asks for a socket by the table of 32-bit programs, in which every call has another number.

succeeds: done
stopped by: system calls
"""
import ctypes
import mmap
import platform

if platform.machine() != "x86_64":
    raise OSError("another machine")
# push rbx; ebx = AF_INET; ecx = SOCK_STREAM; edx = 0; eax = 359, which is socket(); int 0x80; pop rbx; ret
code = bytes.fromhex("53 bb02000000 b901000000 31d2 b867010000 cd80 5b c3")
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page.write(code)
call = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
if call() >= 0:
    print("@TOKEN@")
