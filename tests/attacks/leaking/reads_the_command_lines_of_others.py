"""Reads how other processes were started and where: paths, seeds and passwords.

succeeds: done
stopped by: files or private view
"""
arguments = open("/proc/@VICTIM@/cmdline").read().split("\0")
print(arguments, open("/proc/@GRADERPID@/cmdline").read().split("\0"))
if arguments[0]:
    print("@TOKEN@")
