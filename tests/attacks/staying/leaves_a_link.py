"""Leaves a link outside that leads whoever follows it elsewhere.

succeeds: file
stopped by: system calls or files or private view
"""
import os

try:
    os.symlink("/dev/null", "@OUTSIDE@/@TOKEN@")
except FileExistsError:
    pass  # it did so before
