"""Turns the direction of reading, so that text is seen in another order than it is written.

succeeds: harmed
stopped by: process
control: none, only a reader is harmed
"""

import sys

OVERRIDES = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u200e\u200f\u061c"
for sign in OVERRIDES:
    print(f"failed {sign}dessap 001 fo 001")
    print(f"{sign}{sign}{sign} 001", file=sys.stderr)
raise ValueError(OVERRIDES * 20 + "dessap")
