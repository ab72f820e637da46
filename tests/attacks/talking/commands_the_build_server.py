"""Gives commands to build servers that read their logs: at the start of a line, in the middle, behind spaces, over two.

succeeds: harmed
stopped by: process
control: none, only a reader is harmed
"""

import sys

COMMANDS = [
    "::set-output name=score::100",
    "  ::add-mask::0 of 100",
    "\t::error file=main.py,line=1::passed",
    "::stop-commands::@TOKEN@",
    "so far ##[set-output name=score]100",
    "##[group]##[endgroup]##[add-path]/tmp",
    "##vso[task.setvariable variable=score]100",
    "##teamcity[testFinished name='all']",
    "\ufeff::warning::after a mark that is not seen",
    "\u2028::warning::after a separator\r::warning::after a return",
    "#\u200b#[error]with a gap",
    ":\u200b:error::with a gap",
]
for text in COMMANDS:
    print(text)
    print(text, file=sys.stderr)
raise ValueError("\n".join(COMMANDS))
