"""Leaves folders in its own folder that are too deep to walk and closed to everybody, so that it cannot be removed.

succeeds: harmed
stopped by: limits
control: none, nothing forbids it: the clean-up has to cope
"""
import os

start = os.open(".", os.O_RDONLY)
for _ in range(1200):
    os.makedirs("@TOKEN@", exist_ok=True)
    os.chdir("@TOKEN@")
    if not os.path.samestat(os.stat(start), os.stat("..")):  # the first of them is still needed by others
        above = os.open("..", os.O_RDONLY)
        os.fchmod(above, 0)
        os.close(above)
os.fchdir(start)
