"""Where a person reads: drawn with rich on a terminal, and elsewhere plain text that any console and any log can show.

Plain it is with ``NO_COLOR`` set, too (https://no-color.org), and on a terminal that calls itself ``dumb``. Nothing is
said by colour or by shape alone, so that a screen reader says all of it.
"""

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.text import Text

from proctor.verdict import Verdict

__all__ = ["BAR", "Terminal", "bar_of"]

BAR: Final = 20
"""Characters of a drawn bar."""


class Terminal:
    """A console with the one rule of when it is plain; ``plain`` asks for it."""

    def __init__(self, console: Console | None = None, *, plain: bool = False) -> None:
        self.console = console or Console(highlight=False)
        self.is_plain = plain or not self.console.is_terminal or self.console.is_dumb_terminal or _wants_no_color()

    def line(self, text: str = "", style: str = "", indent: int = 0) -> None:
        """Print some text; a terminal wraps it, each line with its own indent, and a log gets it as it is."""
        style = "" if self.is_plain else style
        for line in text.split("\n"):
            margin = indent + len(line) - len(line.lstrip())
            if self.is_plain or "://" in line:  # a link that is broken in two cannot be followed
                self.console.print(Text(" " * margin * bool(line) + line.lstrip(), style=style), soft_wrap=True)
            else:
                self.console.print(Padding(Text(line.lstrip(), style=style), (0, 0, 0, margin)))

    @contextmanager
    def progress(self) -> Generator[Callable[[Verdict, int], None]]:
        """Show a bar that moves with every verdict, where it can be drawn."""
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(BAR), MofNCompleteColumn())
        with Progress(*columns, console=self.console, transient=True, disable=self.is_plain) as bar:
            task = bar.add_task("checking", total=None)

            def advance(verdict: Verdict, total: int) -> None:
                bar.update(task, advance=1, total=total, description=f"checking {verdict.job}")

            yield advance


def bar_of(share: float, style: str) -> Text:
    """Draw a share between 0 and 1."""
    filled = round(BAR * share)
    return Text("━" * filled, style=style) + Text("━" * (BAR - filled), style="dim")


def _wants_no_color() -> bool:
    return bool(os.environ.get("NO_COLOR"))
