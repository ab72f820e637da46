"""Maps four gigabytes that other processes could share, which is not counted as data.

succeeds: done
stopped by: limits
"""

import mmap

with mmap.mmap(-1, 4 << 30, mmap.MAP_SHARED | mmap.MAP_ANONYMOUS) as memory:
    memory[-1] = 1  # one page of it: the principle, and no harm
    print("@TOKEN@")
