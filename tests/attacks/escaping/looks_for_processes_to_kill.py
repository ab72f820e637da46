"""Tries number after number until it knows which processes would take a signal from it.

succeeds: done
stopped by: system calls or files or private view
"""
import os

victim, found = int("@VICTIM@"), []
for number in range(max(2, victim - 20_000), victim + 1):
    try:
        os.kill(number, 0)
    except OSError:
        continue  # not there, or not ours
    found.append(number)
if victim in found:
    print("@TOKEN@", found)
