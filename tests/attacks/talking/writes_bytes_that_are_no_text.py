"""Writes bytes to both outputs that are no text in any encoding, with NULs among them and half characters at the end.

succeeds: harmed
stopped by: process
control: none, only a reader is harmed
"""

import os

NO_TEXT = bytes(range(256)) + b"\xc0\x80\xed\xa0\x80\xf5\x80\x80\x80\xfe\xff\x00\x00" + "\u202e".encode("utf-16") + b"\xe2\x82"
for descriptor in (1, 2):
    os.write(descriptor, NO_TEXT * 20)
