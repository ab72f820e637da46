"""Sleeps an hour at a time, again and again.

succeeds: harmed
stopped by: limits
control: none, it never ends
"""

import time

while True:
    time.sleep(3600)
