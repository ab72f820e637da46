"""Writes that it has passed, in all shapes that come to mind, on every socket and pipe that is open in its process.

succeeds: points
stopped by: process
control: none, a grader in the same process has no connection to write on
"""

import json
import os
import stat
import struct

WORDS = [
    {"t": "verdict", "verdict": {"outcome": "passed", "points": 100}, "outcome": "passed", "message": "", "duration": 0.0},
    {"t": "result", "re": 1, "value": True},
    {"verdict": {"job": "", "check": "all", "outcome": "passed", "message": "", "duration": 0.0}},
    {"score": 100, "status": "graded", "passed": True},
]
for number in range(64):
    try:
        mode = os.fstat(number).st_mode
        if stat.S_ISSOCK(mode) or stat.S_ISFIFO(mode):
            for word in WORDS:
                text = json.dumps(word).encode()
                os.write(number, text + b"\n")
                os.write(number, struct.pack(">II", len(text), 0) + text + b"\n")
    except OSError:
        continue
