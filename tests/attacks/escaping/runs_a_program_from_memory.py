"""Writes a program into memory and runs it, though no disk has it.

succeeds: done
stopped by: system calls
"""
import os
import platform
import struct

if platform.machine() != "x86_64":
    raise OSError("another machine")
said = b"@TOKEN@\n"
# eax = 1, which is write(); edi = 1; rsi = what follows the code; edx = its length; syscall; eax = 60, which is exit(); edi = 0; syscall
code = bytes.fromhex("b801000000 bf01000000 488d3510000000 ba") + struct.pack("<I", len(said)) + bytes.fromhex("0f05 b83c000000 31ff 0f05")
base, headers = 0x400000, 64 + 56
size = headers + len(code) + len(said)
program = b"\x7fELF\2\1\1" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 2, 62, 1, base + headers, 64, 0, 0, 64, 56, 1, 0, 0, 0)
program += struct.pack("<IIQQQQQQ", 1, 5, 0, base, base, size, size, 4096) + code + said
file = os.memfd_create("program")
os.write(file, program)
os.execve(file, ["program"], {})
