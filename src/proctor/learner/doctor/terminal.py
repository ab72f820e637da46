"""Can this terminal show what Proctor has to say?"""

import codecs
import os
import sys
from collections.abc import Iterator
from typing import Final

from proctor.learner.doctor.finding import Finding, Section, note, ok, problem

__all__ = ["examine_terminal"]

_COLUMNS: Final = 80
_LINES: Final = 24
_DUMB: Final = ("", "dumb", "unknown")


def examine_terminal() -> Section:
    """Look at where this process writes to."""
    return Section("Terminal", _findings())


def _findings() -> Iterator[Finding]:
    yield _encoding(sys.stdout.encoding)
    if not sys.stdout.isatty():
        yield ok("the output goes to a file or a pipe: it is plain text")
        return
    yield ok("the output goes to a terminal")
    yield _size()
    kind = os.environ.get("TERM", "")
    if kind in _DUMB:
        text = f"the terminal says that it can do nothing but print (`TERM={kind}`): the output is plain text"
        yield note(text, "export TERM=xterm-256color  # if it can do more")
    elif os.environ.get("NO_COLOR"):
        yield ok("the output is plain text without colours, as `NO_COLOR` asks for")
    else:
        yield ok(
            f"the output has colours (`TERM={kind}`); `NO_COLOR=1` turns them off, and nothing is said by them alone"
        )


def _encoding(encoding: str) -> Finding:
    """Tell whether every character can be written."""
    name = codecs.lookup(encoding).name
    if name == "utf-8":
        return ok("the output is UTF-8")
    text = f"the output is {name} and not UTF-8: Proctor stops at a character that this does not have"
    mend = "unset PYTHONIOENCODING" if "PYTHONIOENCODING" in os.environ else "export PYTHONUTF8=1"
    return problem(text, mend)


def _size() -> Finding:
    columns, lines = os.get_terminal_size(sys.stdout.fileno())
    if not columns or not lines:
        text = "the terminal does not know how large it is: lines are broken as if it had 80 columns"
        return note(text, f"stty columns {_COLUMNS} rows {_LINES}")
    if columns < _COLUMNS or lines < _LINES:
        text = (
            f"the terminal has {columns} columns and {lines} lines: with {_COLUMNS} and {_LINES} it is easier to read"
        )
        return note(text, details=("make its window larger, or its letters smaller",))
    return ok(f"the terminal has {columns} columns and {lines} lines")
