"""Makes a copy of itself by the call whose flags lie in memory, where no filter looks.

succeeds: done
stopped by: system calls
"""
import ctypes
import os
import signal

CLONE3 = 435
flags, exit_signal = 0, int(signal.SIGCHLD)
arguments = (ctypes.c_uint64 * 8)(flags, 0, 0, 0, exit_signal, 0, 0, 0)
child = ctypes.PyDLL(None).syscall(CLONE3, arguments, ctypes.sizeof(arguments))
if child == 0:
    os.write(1, b"@TOKEN@\n")
    os._exit(0)
if child > 0:
    os.waitpid(child, 0)
