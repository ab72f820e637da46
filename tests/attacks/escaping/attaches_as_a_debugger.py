"""Attaches to another process as a debugger and stops it.

succeeds: done
stopped by: system calls or files or private view
"""
import ctypes
import os

PTRACE_DETACH, PTRACE_SEIZE, PTRACE_INTERRUPT = 17, 0x4206, 0x4207
libc, victim, nothing = ctypes.CDLL(None, use_errno=True), int("@VICTIM@"), ctypes.c_void_p()
if libc.ptrace(PTRACE_SEIZE, victim, nothing, nothing) == 0:
    libc.ptrace(PTRACE_INTERRUPT, victim, nothing, nothing)
    if os.WIFSTOPPED(os.waitpid(victim, os.WUNTRACED)[1]):
        print("@TOKEN@")
    libc.ptrace(PTRACE_DETACH, victim, nothing, nothing)
