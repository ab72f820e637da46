"""How far the grading of a class is: a bar with rate and remaining time, or lines where no bar can be drawn."""

from typing import Final, Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from proctor.classroom.grade_class import Tally
from proctor.gradebook.class_report import RowStatus
from proctor.terminal import BAR, Terminal

__all__ = ["Meter"]

STEPS: Final = 10
"""Lines that a log gets of one run."""


class Meter:
    """Shows the tally of a run that has ``total`` rows; to be used as a context manager."""

    def __init__(self, terminal: Terminal, total: int) -> None:
        self._terminal, self._total, self._told = terminal, total, 0
        columns = (
            TextColumn("{task.description}"),
            BarColumn(BAR),
            MofNCompleteColumn(),
            _Rate(),
            TimeRemainingColumn(),
        )
        self._bar = Progress(*columns, console=terminal.console, transient=True, disable=terminal.is_plain)
        self._task = self._bar.add_task("grading", total=total)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def told(self, tally: Tally) -> None:
        """Show how far it is."""
        faults = tally.rows[RowStatus.ERROR]
        self._bar.update(
            self._task, completed=tally.count, description=f"grading, {faults} undecided" if faults else "grading"
        )
        if self._terminal.is_plain and tally.count * STEPS // max(self._total, 1) > self._told:
            self._told = tally.count * STEPS // self._total
            self._terminal.line(f"graded {tally.count:,} of {self._total:,}")


class _Rate(ProgressColumn):
    """Submissions a second."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.1f}/s" if task.speed else "", style="dim")
