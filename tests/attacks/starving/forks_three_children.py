"""Starts three more processes of its own, which is two and a half more than a submission needs.

succeeds: done
stopped by: system calls
"""

import os

children = []
for _ in range(3):
    child = os.fork()
    if not child:
        os._exit(0)
    children.append(os.waitpid(child, 0))
print("@TOKEN@" if len(children) == 3 else "")
