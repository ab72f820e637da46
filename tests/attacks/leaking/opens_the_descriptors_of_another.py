"""Opens what another process has open, through its list of descriptors.

succeeds: done
stopped by: files or private view
"""
import os

FOLDER = "/proc/@VICTIM@/fd"
for number in os.listdir(FOLDER):
    if os.path.samestat(os.stat(f"{FOLDER}/{number}"), os.fstat(os.open(f"{FOLDER}/{number}", os.O_RDONLY | os.O_NONBLOCK))):
        print("@TOKEN@", os.readlink(f"{FOLDER}/{number}"))
        break
