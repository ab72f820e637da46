"""Changes into the folder of the hidden checks and reads them by a name that has no path.

succeeds: read
stopped by: files or private view
"""
import contextlib
import os

with contextlib.chdir(os.path.dirname("@GRADER@")):
    print(open(os.path.basename("@GRADER@")).read())
