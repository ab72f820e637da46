"""Writes a note into the attributes of a folder, which no listing shows; here it is removed again.

succeeds: done
stopped by: system calls or private view
"""
import os

NAME = "user.@TOKEN@"
os.setxattr("@OUTSIDE@", NAME, b"a note")
if os.getxattr("@OUTSIDE@", NAME) == b"a note":
    print("@TOKEN@")
os.removexattr("@OUTSIDE@", NAME)
