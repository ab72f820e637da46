"""Speaks to terminals: clears the screen, moves up, sets the title and the clipboard, hides a link, asks for answers.

succeeds: harmed
stopped by: process
control: none, only a reader is harmed
"""

import sys

ESCAPES = [
    "\x1b[2J\x1b[H",  # clear, home
    "\x1b[3A\x1b[2K100 of 100 points\x1b[8m",  # up, erase, write, conceal
    "\x1b]0;passed\x07",  # title
    "\x1b]52;c;cm0gLXJmIH4=\x07",  # clipboard
    "\x1b]8;;https://passed.example\x1b\\passed\x1b]8;;\x1b\\",  # link
    "\x1b[6n\x1b[c\x1bP+q544e\x1b\\",  # questions that the terminal answers as if they were typed
    "\x9b31m\x9d0;passed\x9c",  # the same in single characters
    "\x1bc\x1b(0\x0e",  # reset, line drawing
]
for text in ESCAPES:
    print(text)
    print(text, file=sys.stderr)
raise ValueError("".join(ESCAPES))
