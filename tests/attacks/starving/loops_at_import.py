"""Computes for ever before anything has been asked of it.

succeeds: harmed
stopped by: limits
control: none, it never ends
"""

while True:
    pass
