"""Annotations of GitHub Actions: workflow commands, to be printed in a step.

Source: https://github.com/actions/runner at 258d6c8, src/Runner.Common/ActionCommand.cs and
src/Runner.Worker/ActionCommandManager.cs. A step shows ten annotations of a kind and drops the others silently, so
nine are written, those worth most points first, and one that says how many more there are. What a check has found is an
error; what we could not decide is a warning, so that nobody takes it for theirs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from proctor.hostile_text import neutral, one_line
from proctor.reports.code_place import CodePlace, code_place
from proctor.reports.excerpt import Excerpt, excerpts_of, feedback, total_of
from proctor.reports.reader import Reader
from proctor.scorecard import CheckResult, Outcome, Report

__all__ = ["to_annotations"]

MOST: Final = 9
_LONGEST: Final = 1000
_LONGEST_TITLE: Final = 200
_DATA: Final = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_VALUE: Final = {**_DATA, ":": "%3A", ",": "%2C"}


@dataclass(frozen=True)
class _Annotation:
    """One thing to be told; ``points`` are what it is about."""

    points: int
    title: str
    message: str
    place: CodePlace


def to_annotations(report: Report, reader: Reader = Reader.STUDENT) -> str:
    """Return workflow commands, one a line: errors, warnings, and a notice with the points."""
    excerpts = excerpts_of(report, reader)
    found: dict[Outcome, list[_Annotation]] = {Outcome.FAILED: [], Outcome.ERROR: []}
    for excerpt in excerpts:
        for check in excerpt.checks:
            if check.outcome is not Outcome.PASSED:
                found[check.outcome].append(_of_check(excerpt, check))
        if not excerpt.card.checks:
            place = code_place(excerpt.exercise)
            found[Outcome.ERROR].append(_Annotation(excerpt.max_score, excerpt.exercise, excerpt.message, place))
    lines = [*_commands("error", found[Outcome.FAILED]), *_commands("warning", found[Outcome.ERROR])]
    lines.append(f"::notice title=Proctor::{total_of(excerpts)}")
    return "".join(f"{line}\n" for line in lines)


def _of_check(excerpt: Excerpt, check: CheckResult) -> _Annotation:
    title = f"{excerpt.exercise}: {check.title}"
    return _Annotation(check.points - (check.score or 0), title, feedback(check), code_place(excerpt.exercise, check))


def _commands(kind: str, annotations: Sequence[_Annotation]) -> list[str]:
    ranked = sorted(annotations, key=lambda one: -one.points)
    lines = [_command(kind, one) for one in ranked[:MOST]]
    if more := len(ranked) - MOST:
        lines += [f"::{kind} title=Proctor::and {more} more"] if more > 0 else []
    return lines


def _command(kind: str, one: _Annotation) -> str:
    title = _escaped(one_line(one.title, _LONGEST_TITLE), _VALUE)
    message = _escaped(neutral(one.message, _LONGEST) or "no more is known", _DATA)
    return f"::{kind} file={_escaped(one.place.file, _VALUE)},line={one.place.line},title={title}::{message}"


def _escaped(text: str, signs: dict[str, str]) -> str:
    return text.translate(str.maketrans(signs))
