"""Starts threads until there is no room for another one.

succeeds: harmed
stopped by: limits
control: none, threads without a limit stop the machine
"""

import threading

forever = threading.Event()
threading.stack_size(64 << 10)
while True:
    threading.Thread(target=forever.wait, daemon=True).start()
