"""Matches an expression that is tried in exponentially many ways, in one call that no other thread can interrupt.

succeeds: harmed
stopped by: limits
control: none, it takes years
"""

import re

re.fullmatch(r"(a|a?)+", "a" * 60 + "b")
