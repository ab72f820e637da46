"""Overwrites what stands on its line: with a return, with backspaces, with tabs that go down.

succeeds: harmed
stopped by: process
control: none, only a reader is harmed
"""

import sys

TEXTS = ["failed\rpassed", "failed" + "\b" * 6 + "passed", "a\vb\fc\x85d", "0 of 100\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f100", "\r\n\r\r"]
for text in TEXTS:
    print(text)
    sys.stderr.write(text)
raise ValueError("\r".join(TEXTS))
