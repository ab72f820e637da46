"""Makes files beside itself whose names are escapes, commands, options, markup and no text at all.

succeeds: harmed
stopped by: process
control: none, only a reader is harmed
"""

import os

NAMES = [
    b"\x1b[2J", b"::set-output name=score::100", b"##[error]x", b"a\nb", b"a\rb", b"-rf", b"--help", b"\xff\xfe", b"<img src=x>", b"=1+1", b"*", b" ",
    b"$(touch passed)", b"`id`", b"; id", "\u202egnp.yp".encode(), b"x" * 255, b"con", b"..." , b"\x7f", b"test_all.py\n", b"|", b"[red]",
]
for name in NAMES:
    os.close(os.open(name, os.O_CREAT | os.O_WRONLY, 0o600))
os.mkdir(b"\x1b]0;passed\x07")
try:
    os.symlink(b"\x1b[2J::error::", b"a link")
except OSError:
    print("no links")
print(*map(os.fsdecode, os.listdir(".")))
raise FileNotFoundError(2, "\x1b[2Jmissing", "::error::\n##[error]")
