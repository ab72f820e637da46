"""Prints what the doctor finds, section by section as it is found.

Each finding begins with a word and not with a sign, so that a log and a screen reader have it, too. On a terminal these
words have colours. A command is never broken into lines, so that it can be copied.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from proctor.learner.doctor.finding import Finding, Kind, Section
from proctor.terminal import Terminal

__all__ = ["show", "to_lines"]

_MARGIN: Final = 2
_WIDTH: Final = max(map(len, Kind)) + 2
_STYLES: Final = {Kind.OK: "green", Kind.NOTE: "yellow", Kind.PROBLEM: "bold red"}


def show(sections: Iterable[Section], console: Console | None = None) -> int:
    """Print every section and a summary. Return the exit code: 1 where there is a problem, or else 0."""
    printer = _Printer(Terminal(console))
    counts: Counter[Kind] = Counter()
    for section in sections:
        printer.line(section.title, "bold")
        for finding in section.findings:
            counts[finding.kind] += 1
            printer.finding(finding)
        printer.line()
    printer.line(_summary(counts), "bold")
    return 1 if counts[Kind.PROBLEM] else 0


def to_lines(section: Section) -> Iterator[str]:
    """Yield the lines of one section as plain text."""
    yield section.title
    for finding in section.findings:
        yield f"{'':{_MARGIN}}{finding.kind:<{_WIDTH}}{finding.text}"
        yield from (f"{'':{_MARGIN + _WIDTH}}{line}" for line in _lines_below(finding))


def _lines_below(finding: Finding) -> list[str]:
    return [*finding.details, *(f"mend: {command}" for command in finding.mends)]


class _Printer:
    """Prints to a console, in what characters and colours it has."""

    def __init__(self, terminal: Terminal) -> None:
        self._console, self._is_plain = terminal.console, terminal.is_plain

    def line(self, text: str = "", style: str = "") -> None:
        """Print a line that nothing but the edge of the terminal breaks."""
        self._console.print(self._text(text, style), soft_wrap=True)

    def finding(self, finding: Finding) -> None:
        """Print a finding; on a terminal the text goes on below itself where a line is too short for it."""
        if self._is_plain:
            for line in [*to_lines(Section("", iter([finding])))][1:]:
                self.line(line)
            return
        row = Table.grid()
        row.add_column(width=_WIDTH)
        row.add_column()
        row.add_row(self._text(finding.kind, _STYLES[finding.kind]), self._text(finding.text))
        for detail in finding.details:
            row.add_row("", self._text(detail, "dim"))
        self._console.print(Padding(row, (0, 0, 0, _MARGIN)))
        for command in finding.mends:
            self.line(f"{'':{_MARGIN + _WIDTH}}mend: {command}", "bold")

    def _text(self, text: str, style: str = "") -> Text:
        """Spell the characters that this console does not have: it is the doctor that tells of a wrong encoding."""
        encoding = self._console.encoding
        written = text.encode(encoding, "backslashreplace").decode(encoding)
        return Text(written, style="" if self._is_plain else style)


def _summary(counts: Counter[Kind]) -> str:
    notes = f"{counts[Kind.NOTE]} note{'' if counts[Kind.NOTE] == 1 else 's'}"
    if not counts[Kind.PROBLEM]:
        return f"Nothing hinders you here ({notes})."
    problems = f"{counts[Kind.PROBLEM]} problem{'' if counts[Kind.PROBLEM] == 1 else 's'}"
    return f"{problems} and {notes}: what stands behind `mend:` is a command."
