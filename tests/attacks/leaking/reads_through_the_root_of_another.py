"""Reaches the hidden checks through the root folder of another process, which may see more.

succeeds: read
stopped by: files or private view
"""
print(open("/proc/@VICTIM@/root@GRADER@").read())
