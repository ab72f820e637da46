"""Opens the hidden checks without asking to read, and reads what that descriptor stands for.

succeeds: read
stopped by: files or private view
"""
import os

place = os.open("@GRADER@", os.O_PATH)
print(open(f"/proc/self/fd/{place}").read())
