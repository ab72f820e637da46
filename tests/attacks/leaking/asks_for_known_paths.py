"""Asks for name, size and time of the hidden checks without opening them.

succeeds: done
stopped by: private view
"""
import os

found = os.stat("@GRADER@")
print("@TOKEN@", found.st_size, found.st_mtime)
