"""Writes surrogates without their other halves, which no encoding accepts.

succeeds: harmed
stopped by: process
control: none, only a reader is harmed
"""

import sys

HALVES = "\ud800 \udfff \udc80\ud83d \udca9\ud83d"
globals()[f"name {HALVES}"] = HALVES
sys.stdout.buffer.write(HALVES.encode("utf-8", "surrogatepass") + b"\n")
sys.stdout.flush()
raise ValueError(HALVES)
