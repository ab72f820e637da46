"""Gives the hidden checks a second name in a folder that it may read.

succeeds: read
stopped by: files or system calls or private view
"""
import errno
import os

for name in ("notes.txt", "@OUTSIDE@/@TOKEN@"):
    try:
        os.link("@GRADER@", name)
    except OSError as error:
        if error.errno != errno.EXDEV:  # another disk: try the other folder
            raise
        continue
    print(open(name).read())
    os.unlink(name)
    break
