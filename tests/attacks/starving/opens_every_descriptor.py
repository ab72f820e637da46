"""Raises its limit as far as it may and opens files until it is told to stop.

succeeds: done
stopped by: limits
"""

import os
import resource

ENOUGH = 3000
_, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
opened = [os.open(os.devnull, os.O_RDONLY) for _ in range(ENOUGH)]
for descriptor in opened:
    os.close(descriptor)
print("@TOKEN@")
