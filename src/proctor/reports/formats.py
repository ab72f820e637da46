"""Every format with its writer, the document that it is written from, and the name that its reader expects of a file.

A format is one entry here, one name in `proctor.reports.format_name` and one file with the writer. All of these are
written from the report of `proctor grade --json`; `proctor.reports.class_formats` has those about a class.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import isinf
from typing import Any, Final

from pydantic import ValidationError

from proctor.errors import UsageError
from proctor.hostile_text import one_line
from proctor.reports.annotations import to_annotations
from proctor.reports.classroom50 import Identity, to_classroom50
from proctor.reports.classroom_reporter import to_classroom_reporter
from proctor.reports.exercism import to_exercism
from proctor.reports.format_name import FormatName
from proctor.reports.gradescope import to_gradescope
from proctor.reports.junit import to_junit
from proctor.reports.prairielearn import to_prairielearn
from proctor.reports.reader import Reader
from proctor.reports.shields import to_shields
from proctor.reports.step_summary import ROOM, to_step_summary
from proctor.scorecard import Report

__all__ = ["FORMATS", "Format", "Setting", "convert"]

_MOST_FAULTS: Final = 10


@dataclass(frozen=True)
class Setting:
    """What a writer may need beside the document: for whom and when, where it runs, and how many bytes have room."""

    reader: Reader = Reader.STUDENT
    graded_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    room: int = ROOM


@dataclass(frozen=True)
class Format:
    """One format: what writes it, and what its file is called where the reader cares."""

    write: Callable[[Report, Setting], str]
    file_name: str


def _classroom50(report: Report, setting: Setting) -> str:
    return to_classroom50(report, Identity.read(setting.environment), setting.graded_at, setting.reader)


FORMATS: Final[Mapping[FormatName, Format]] = {
    FormatName.ANNOTATIONS: Format(lambda it, so: to_annotations(it, so.reader), "annotations.txt"),
    FormatName.CLASSROOM50: Format(_classroom50, "result.json"),
    FormatName.CLASSROOM_REPORTER: Format(lambda it, so: to_classroom_reporter(it, so.reader), "reporter.env"),
    FormatName.EXERCISM: Format(lambda it, so: to_exercism(it, so.reader), "results.json"),
    FormatName.GRADESCOPE: Format(lambda it, so: to_gradescope(it, so.reader), "results.json"),
    FormatName.JUNIT: Format(lambda it, so: to_junit(it, so.reader, so.graded_at), "report.xml"),
    FormatName.PRAIRIELEARN: Format(lambda it, so: to_prairielearn(it, so.reader), "results.json"),
    FormatName.SHIELDS: Format(lambda it, so: to_shields(it, so.reader), "badge.json"),
    FormatName.STEP_SUMMARY: Format(lambda it, so: to_step_summary(it, so.reader, so.room), "summary.md"),
}


def convert(name: FormatName, text: str, source: str, setting: Setting) -> str:
    """Return a document, read from the text of ``source``, in another format.

    Raises UsageError where the text is not the document that this format is written from, and whatever the writer does.
    """
    content = _object(text, source)
    wanted = Report.model_fields["schema_"].default
    if content.get("schema") != wanted:
        seen = one_line(str(content.get("schema")), 100)
        how = f"`{name}` is written from `{wanted}`: `proctor grade --json FILE` makes one"
        raise UsageError(f"`{source}` is `{seen}`, and {how}")
    try:
        report = Report.model_validate(content)
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()]
        raise _broken(source, faults) from None
    _insist_on_numbers(report, source)
    return FORMATS[name].write(report, setting)


def _object(text: str, source: str) -> dict[str, Any]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"`{source}` is no JSON: {one_line(str(error), 200)}") from None
    if not isinstance(content, dict):
        raise UsageError(f"`{source}` is no report: `proctor grade --json FILE` makes one")
    return content  # pyright: ignore[reportUnknownVariableType] - JSON of a stranger, validated by the caller


def _insist_on_numbers(report: Report, source: str) -> None:
    """Refuse numbers that no run gives: some readers would take them."""
    faults = [f"{card.exercise}: it took {card.duration_s} s" for card in report.scorecards if isinf(card.duration_s)]
    faults += [
        f"{card.exercise}: {check.id} has {check.score} of {check.points} points"
        for card in report.scorecards
        for check in card.checks
        if (check.score or 0) > check.points
    ]
    if faults:
        raise _broken(source, faults)


def _broken(source: str, faults: list[str]) -> UsageError:
    shown = [one_line(fault, 300) for fault in faults[:_MOST_FAULTS]]
    if len(faults) > _MOST_FAULTS:
        shown.append(f"and {len(faults) - _MOST_FAULTS} more")
    return UsageError(
        f"`{source}` is not as `proctor grade --json` writes it:" + "".join(f"\n  {one}" for one in shown)
    )
