"""Has the kernel lay out its memory without chance from now on, as exploits like it.

succeeds: done
stopped by: system calls
"""
import ctypes

ADDR_NO_RANDOMIZE, ASK = 0x0040000, 0xFFFFFFFF
personality = ctypes.CDLL(None).personality
personality(ctypes.c_ulong(ADDR_NO_RANDOMIZE))
now = personality(ctypes.c_ulong(ASK))
if now >= 0 and now & ADDR_NO_RANDOMIZE:
    print("@TOKEN@")
