"""`proctor verify`: examines the course, shows what it found, writes report and badge."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.text import Text

from proctor.errors import Interrupted, UsageError
from proctor.place import insist_on_a_place
from proctor.terminal import Terminal
from proctor.verify.board import VerifyBoard
from proctor.verify.endurance import endure
from proctor.verify.examination import Wishes, examine
from proctor.verify.repetition import Repetition
from proctor.verify.report import VerifyReport

__all__ = ["Options", "verify"]


@dataclass(frozen=True)
class Options:
    """What the command line asks for, beside the exercises.

    ``mutants`` is false with ``--no-mutants``; ``record`` writes transcripts anew; ``again`` examines what has not
    changed, too. With ``repetition`` nothing is audited: known answers are graded again and again. ``json`` and
    ``badge`` are files to write.
    """

    json: Path | None = None
    badge: Path | None = None
    mutants: bool = True
    record: bool = False
    again: bool = False
    repetition: Repetition | None = None


DEFAULTS = Options()


def verify(root: Path, slugs: Sequence[str] = (), options: Options = DEFAULTS, console: Console | None = None) -> int:
    """Prove the graders of the named exercises, or of all. Return the exit code.

    0 nothing found, 1 findings, 3 our fault. Raises UsageError, whose exit code is 2, for an unknown exercise and for a
    file that cannot be written.
    """
    console = console or Console(highlight=False)
    for target in (options.json, options.badge):
        insist_on_a_place(target)
    try:
        report = _report(root, slugs, options, console)
    except KeyboardInterrupt:
        raise Interrupted("interrupted; nothing was written, and exercises that were clean are remembered") from None
    if options.json is not None:
        options.json.write_text(report.to_json(), encoding="utf-8")
    if options.badge is not None:
        options.badge.write_text(json.dumps(report.to_badge(), indent=2) + "\n", encoding="utf-8")
    VerifyBoard(console).show(report)
    return report.exit_code


def _report(root: Path, slugs: Sequence[str], options: Options, console: Console) -> VerifyReport:
    """Audit, or repeat."""
    bars = Terminal(console)

    def told(line: str) -> None:
        console.print(Text(line, style="dim"), soft_wrap=True)

    if options.repetition is None:
        wishes = Wishes(mutants=options.mutants, record=options.record, again=options.again)
        return examine(root, slugs, wishes, bars.progress, told)
    if options.record:
        raise UsageError("`--repeat` records nothing: run `--record` by itself")
    return endure(root, slugs, options.repetition, bars.progress, told)
