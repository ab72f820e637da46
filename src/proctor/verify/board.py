"""What a person sees of an audit: a table with a line for each exercise, then every finding and what to do about it.

On a terminal it is drawn with rich; elsewhere, and with ``NO_COLOR`` set, it is plain text.
"""

import os
from collections.abc import Callable, Sequence
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from proctor.hostile_text import neutral
from proctor.verify.finding import Finding, Weight
from proctor.verify.report import ExerciseReport, VerifyReport

__all__ = ["VerifyBoard"]

Column = tuple[str, Callable[[ExerciseReport], str]]

COLUMNS: Final[Sequence[Column]] = (
    ("exercise", lambda one: one.exercise),
    ("checks", lambda one: str(one.checks)),
    ("accepted", lambda one: str(one.accepted)),
    ("mistakes", lambda one: str(one.mistakes)),
    ("mutants killed", lambda one: str(one.mutants.killed) if one.mutants else "-"),
    ("equivalent", lambda one: str(one.mutants.equivalent) if one.mutants else "-"),
    ("survived", lambda one: str(one.mutants.survived) if one.mutants else "-"),
    ("repetitions", lambda one: "-" if one.repetitions is None else str(one.repetitions)),
    ("time", lambda one: f"{one.seconds:.1f} s"),
)

STYLES: Final = {Weight.FAULT: "red", Weight.NOTE: "yellow", Weight.OURS: "magenta"}
HEADINGS: Final = {Weight.FAULT: "", Weight.NOTE: "note: ", Weight.OURS: "our fault: "}


class VerifyBoard:
    """Shows one run."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._is_plain = not console.is_terminal or "NO_COLOR" in os.environ

    def show(self, report: VerifyReport) -> None:
        """Show the table, the findings and how it all came out."""
        self._show_table(report)
        for finding, slugs in _together(report.findings):
            self._show_finding(finding, slugs)
        self._line()
        for place in report.recorded:
            self._line(f"recorded {place}")
        style = "green" if report.exit_code == 0 else "bold red"
        self._line(_summary(report), style)

    def _show_table(self, report: VerifyReport) -> None:
        names = [*(name for name, _ in COLUMNS), ""]
        rows = [[*(text(one) for _, text in COLUMNS), _state(report, one)] for one in report.exercises]
        # A column about which nobody has asked is left out.
        shown = [number for number in range(len(names)) if number == 0 or any(row[number] != "-" for row in rows)]
        cells = [[row[number] for number in shown] for row in (names, *rows)]
        if self._is_plain:
            widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
            for row in cells:
                aligned = [
                    cell.ljust(width) if number in {0, len(row) - 1} else cell.rjust(width)
                    for number, (cell, width) in enumerate(zip(row, widths, strict=True))
                ]
                self._line("  ".join(aligned).rstrip())
            return
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for number, name in enumerate(cells[0]):
            table.add_column(name, justify="left" if number in {0, len(shown) - 1} else "right")
        for row in cells[1:]:
            table.add_row(*map(Text, row))
        self._console.print(table)

    def _show_finding(self, finding: Finding, slugs: Sequence[str]) -> None:
        self._line()
        self._line(f"{', '.join(slugs)}: {finding.where}", "bold")
        self._line(f"  {HEADINGS[finding.weight]}{finding.what}", STYLES[finding.weight])
        for line in finding.evidence.splitlines():
            style = {"+": "green", "-": "red"}.get(line[:1], "dim")
            self._line(f"      {line}", style)
        self._line(f"  next: {finding.remedy}")
        self._line(f"  rule: {finding.rule}", "dim")

    def _line(self, text: str = "", style: str = "") -> None:
        self._console.print(Text(neutral(text), style="" if self._is_plain else style), soft_wrap=True)


def _together(findings: Sequence[Finding]) -> list[tuple[Finding, list[str]]]:
    """Return every finding with the exercises of which it is true, word for word."""
    slugs: dict[Finding, list[str]] = {}
    for finding in findings:
        slugs.setdefault(finding.model_copy(update={"exercise": ""}), []).append(finding.exercise)
    return list(slugs.items())


def _state(report: VerifyReport, exercise: ExerciseReport) -> str:
    own = [finding for finding in report.findings if finding.exercise == exercise.exercise]
    found = sum(finding.weight is not Weight.NOTE for finding in own)
    if exercise.unchanged_since:
        return f"unchanged since {exercise.unchanged_since}"
    if found:
        return f"{found} finding{'s' * (found > 1)}"
    return "not all was checked" if own else "nothing found"


def _summary(report: VerifyReport) -> str:
    count, faults, undecided = len(report.exercises), len(report.of(Weight.FAULT)), len(report.of(Weight.OURS))
    looked_at = f"{count} exercise{'s' * (count != 1)} in {report.seconds:.1f} s"
    if undecided:
        return f"{undecided} not decided, which is our fault, and {faults} found, in {looked_at}"
    return f"{faults} finding{'s' * (faults != 1)} in {looked_at}" if faults else f"nothing found in {looked_at}"
