"""Says that it is loaded before it is, twice, and that it holds whatever may be asked for.

succeeds: points
stopped by: process
control: none, a grader in the same process has no connection to write on
"""

import json
import os
import stat

NAMES = {"names": ["create_app", "TOKENS", "QUOTA", "app", "main"]}
for number in range(3, 64):
    try:
        if stat.S_ISSOCK(os.fstat(number).st_mode):
            for message in ({"t": "ready"}, {"t": "ready", **NAMES}, {"t": "ready", **NAMES}):
                os.write(number, json.dumps(message).encode() + b"\n")
    except OSError:
        continue
raise ValueError("there is nothing behind it")
