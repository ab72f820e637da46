"""Piles accents on one letter until they cover the lines above and below.

succeeds: harmed
stopped by: process
control: none, only a reader is harmed
"""

MARKS = "".join(map(chr, range(0x300, 0x370)))
PILE = "".join(f"{letter}{MARKS * 3}" for letter in "passed") + "\u20dd\u20e3\u0488\ua670" * 40 + "\u0e4a" * 200
print(PILE)
raise ValueError(PILE)
