"""The summary of a step in GitHub Actions: Markdown, with a table of checks for each exercise.

Source: https://github.com/actions/runner at 258d6c8, src/Runner.Worker/FileCommandManager.cs: a summary of more than
1 MiB is dropped as a whole, and the step stays green. So what is too long sheds detail: first the checks that passed,
then most of each message, then the messages, then the checks, and last of all exercises.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from proctor.hostile_text import for_markdown
from proctor.reports.excerpt import Excerpt, excerpts_of, feedback, total_of
from proctor.reports.reader import Reader
from proctor.scorecard import CheckResult, Outcome, Report

__all__ = ["ROOM", "to_step_summary"]

ROOM: Final = 900_000
"""Bytes: a good part below 1 MiB, because others of the step write to the same summary."""

_LONGEST_TITLE: Final = 300
_TABLE: Final = ("| check | result | points |", "|---|---|---:|")


@dataclass(frozen=True)
class _Detail:
    """How much is told."""

    longest: int = 1000
    has_passed: bool = True
    has_checks: bool = True


_DETAILS: Final = (
    _Detail(),
    _Detail(has_passed=False),
    _Detail(longest=200, has_passed=False),
    _Detail(longest=0, has_passed=False),
    _Detail(has_checks=False),
)


def to_step_summary(report: Report, reader: Reader = Reader.STUDENT, room: int = ROOM) -> str:
    """Return the report as Markdown of at most ``room`` bytes; empty where not even the total has room."""
    excerpts = excerpts_of(report, reader)
    heading = [f"## {total_of(excerpts)}", ""] if len(excerpts) != 1 else []
    sections: list[list[str]] = []
    for detail in _DETAILS:
        sections = [_section(excerpt, detail) for excerpt in excerpts]
        if _size(text := _text([heading, *sections])) <= room:
            return text
    return _cut(heading, sections, room)


def _section(excerpt: Excerpt, detail: _Detail) -> list[str]:
    lines = [f"### {for_markdown(excerpt.exercise)}: {total_of([excerpt])}", ""]
    if excerpt.message:
        lines += [for_markdown(excerpt.message, max(detail.longest, 100)), ""]
    shown = [check for check in excerpt.checks if detail.has_passed or check.outcome is not Outcome.PASSED]
    rows = [_row(check, detail) for check in shown] if detail.has_checks else []
    if left := len(excerpt.checks) - len(rows):
        rows.append(f"| {left} more checks | {'passed' if detail.has_checks else 'not shown'} | |")
    if excerpt.left_out:
        rows.append(f"| hidden checks ({excerpt.left_out}) | graded by your teacher | |")
    return [*lines, *_TABLE, *rows, ""] if rows else lines


def _row(check: CheckResult, detail: _Detail) -> str:
    word = {Outcome.PASSED: "passed", Outcome.FAILED: "failed", Outcome.ERROR: "not decided"}[check.outcome]
    told = for_markdown(feedback(check), detail.longest) if detail.longest else ""
    score = "?" if check.score is None else check.score
    title = for_markdown(check.title.strip() or check.id, _LONGEST_TITLE)
    return f"| {title} | {word}{f': {told}' if told else ''} | {score} / {check.points} |"


def _cut(heading: list[str], sections: Sequence[list[str]], room: int) -> str:
    """Keep as many exercises as there is room for."""
    kept: list[list[str]] = [heading]
    size = _size(_text(kept))
    note_size = 100
    for section in sections:
        size += _size(_text([section]))
        if size + note_size > room:
            break
        kept.append(section)
    text = _text([*kept, [f"{len(sections) - len(kept) + 1} more exercises are not shown: there is no room.", ""]])
    return text if _size(text) <= room else ""


def _text(sections: Sequence[Sequence[str]]) -> str:
    return "".join(f"{line}\n" for section in sections for line in section)


def _size(text: str) -> int:
    return len(text.encode())
