"""Leaves a piece of shared memory behind, which uses memory until the machine is started again.

succeeds: file
stopped by: files or private view
"""
import os

import _posixshmem

memory = _posixshmem.shm_open("/@TOKEN@", os.O_CREAT | os.O_RDWR, mode=0o600)
os.ftruncate(memory, 4096)
