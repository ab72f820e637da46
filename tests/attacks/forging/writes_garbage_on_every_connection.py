"""Writes what is no message at all, and no text, on every socket that is open in its process.

succeeds: points
stopped by: process
control: none, a grader in the same process has no connection to write on
"""

import os
import stat

GARBAGE = b'\xff\x00{"t": "result"\n' + b"[" * 100_000 + b'\n{"t":"result","t":"ready","re":1e999,"re":NaN}\n\x00\n'
for number in range(3, 64):
    try:
        if stat.S_ISSOCK(os.fstat(number).st_mode):
            os.write(number, GARBAGE)
    except OSError:
        continue
