"""Leaves folders in folders outside, too deep for what removes a folder with all that is in it.

succeeds: file
stopped by: files or private view
"""
import contextlib
import os

with contextlib.chdir("@OUTSIDE@"):
    for _ in range(1200):
        os.makedirs("@TOKEN@", exist_ok=True)
        os.chdir("@TOKEN@")
