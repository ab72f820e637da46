"""Reaches the hidden checks through the root folder that the system shows of its own process.

succeeds: read
stopped by: files or private view
"""
print(open("/proc/self/root@GRADER@").read())
