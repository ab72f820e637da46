"""Keeps millions of objects and has all of them looked through with every new one.

succeeds: harmed
stopped by: limits
control: none, it never ends
"""

import gc

kept = [[] for _ in range(1_000_000)]
gc.set_threshold(1, 1, 1)
while True:
    kept.append([[] for _ in range(10)])
    gc.collect()
