"""Sends descriptors, hundreds of them, along every Unix socket that is open in its process.

succeeds: points
stopped by: process
control: none, a grader in the same process has no connection to write on
"""

import os
import socket
import stat

for number in range(3, 64):
    try:
        if not stat.S_ISSOCK(os.fstat(number).st_mode):
            continue
        with socket.socket(fileno=os.dup(number)) as connection:
            for _ in range(10):
                socket.send_fds(connection, [b'{"t": "ready", "names": ["create_app"]}\n'], [2] * 50)
    except OSError:
        continue
