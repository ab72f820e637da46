"""Separates lines with characters that only some readers take for the end of one, a command behind each.

succeeds: harmed
stopped by: process
control: none, only a reader is harmed
"""

SEPARATORS = "\v\f\x1c\x1d\x1e\x1f\x85\u2028\u2029\r"
TEXT = "".join(f"{separator}::set-output name=score::100{separator}=1+1{separator}# passed" for separator in SEPARATORS)
print(TEXT)
raise ValueError(TEXT)
