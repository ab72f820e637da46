"""Waits for ever where an object is taken away.

succeeds: harmed
stopped by: limits
control: none, it never ends
"""

import threading


class Heavy:
    def __del__(self):
        threading.Event().wait()


Heavy()
