"""Has one gigantic number written out, in one call that no other thread can interrupt.

succeeds: harmed
stopped by: limits
control: none, it takes hours
"""

import sys

sys.set_int_max_str_digits(0)
print(len(str(1 << 300_000_000)))
