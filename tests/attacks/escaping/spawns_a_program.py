"""Starts a program in one step, without a fork that Python knows of.

succeeds: done
stopped by: system calls or files
"""
import os
import sys

PROGRAM = "print('@TOKEN@')"
child = os.posix_spawn(sys.executable, [sys.executable, "-I", "-S", "-c", PROGRAM], {})
os.waitpid(child, 0)
