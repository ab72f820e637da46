"""Prints every text in the variables of those who called it.

succeeds: read
stopped by: process
"""
import sys

frame, seen = sys._getframe().f_back, {}
while frame:
    for value in [*frame.f_locals.values(), *frame.f_globals.values()]:
        if isinstance(value, str):
            seen.setdefault(value[:2000])
    frame = frame.f_back
print("\n".join(seen)[:60_000])
