"""Writes characters that no XML may hold, not even escaped, and what ends the sections of one.

succeeds: harmed
stopped by: process
control: none, only a reader is harmed
"""

FORBIDDEN = "".join(map(chr, [*range(32), 0x7F, 0x85, 0xFFFE, 0xFFFF, 0x1FFFE, 0x10FFFF]))
ENDS = ["]]>", "</failure></testcase>", "<![CDATA[", "&#0;", "&undeclared;", "<?xml?>", "--", "<!DOCTYPE x [<!ENTITY x 'x'>]>"]
print(FORBIDDEN, *ENDS)
raise type("]]>", (Exception,), {})(FORBIDDEN + "".join(ENDS))
