"""Undoes that its memory and its core file are closed to others.

succeeds: done
stopped by: system calls
"""
import ctypes

SET_DUMPABLE, GET_DUMPABLE = 4, 3
prctl = ctypes.CDLL(None).prctl
if prctl(SET_DUMPABLE, ctypes.c_ulong(1), 0, 0, 0) == 0 and prctl(GET_DUMPABLE, 0, 0, 0, 0) == 1:
    print("@TOKEN@")
