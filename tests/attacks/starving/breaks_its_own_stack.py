"""Nests iterators so deeply that asking the outermost one for an item breaks the process.

succeeds: harmed
stopped by: process
control: none, it ends whatever process it is in
"""

nested = iter([1])
for _ in range(500_000):
    nested = filter(None, nested)
next(nested)
