"""Opens the key ring that the kernel keeps for the account.

succeeds: done
stopped by: system calls
"""
import ctypes
import platform

KEYCTL, GET_KEYRING_ID, OF_THE_USER = {"x86_64": 250, "aarch64": 219}[platform.machine()], 0, -4
if ctypes.CDLL(None).syscall(KEYCTL, GET_KEYRING_ID, OF_THE_USER, 1) > 0:
    print("@TOKEN@")
