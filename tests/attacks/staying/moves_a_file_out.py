"""Writes a file where it may and moves it to where it may not write.

succeeds: file
stopped by: files or private view
"""
import errno
import os

for target in ("@OUTSIDE@/@TOKEN@", "/tmp/@TOKEN@"):
    open("mine", "w").close()
    try:
        os.rename("mine", target)
        break
    except OSError as error:
        if error.errno != errno.EXDEV:  # another disk: try the other folder
            raise
