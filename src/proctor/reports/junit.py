"""JUnit XML, as CI services read it: one suite an exercise, one case a check.

There is no official specification; this is the common subset that https://github.com/testmoapp/junitxml documents.
A case without a child means "passed", so every check is written, and one that could not be decided is an error. An
exercise of which no check is known has one case of its own, because an empty suite reads as a success, too.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final
from xml.etree import ElementTree as ET

from proctor.hostile_text import neutral, one_line
from proctor.reports.code_place import code_place
from proctor.reports.excerpt import Excerpt, excerpts_of, feedback, safe_name
from proctor.reports.reader import Reader
from proctor.scorecard import CheckResult, Outcome, Report, Status, Visibility

__all__ = ["to_junit"]

_LONGEST_MESSAGE: Final = 300
_MARKUP: Final = str.maketrans({"`": "'", "<": "(", ">": ")"})
"""Consumers put messages raw into Markdown fences and HTML tables."""


def to_junit(report: Report, reader: Reader = Reader.TEACHER, graded_at: datetime | None = None) -> str:
    """Return the report as JUnit XML. ``graded_at`` is when the run was, aware of its time zone, where it is known."""
    root = ET.Element("testsuites", {"name": "proctor"})
    suites = [_suite(excerpt, report) for excerpt in excerpts_of(report, reader)]
    for suite in suites:
        if graded_at is not None:
            suite.set("timestamp", graded_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
        root.append(suite)
    _count(root, suites, sum(card.duration_s for card in report.scorecards))
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(excerpt: Excerpt, report: Report) -> ET.Element:
    suite = ET.Element("testsuite", {"name": excerpt.exercise})
    properties = {"isolation": ", ".join(report.isolation), "hidden_checks_left_out": str(excerpt.left_out)}
    _add_properties(suite, properties)
    for check in excerpt.checks:
        _add_case(suite, excerpt, check)
    if not excerpt.card.checks:
        _add_case_of_the_exercise(suite, excerpt, report)
    _count(suite, [suite], excerpt.card.duration_s)
    return suite


def _count(element: ET.Element, suites: Sequence[ET.Element], seconds: float) -> None:
    """Write the counts, which some consumers believe without counting."""
    counts = {"tests": "testcase", "failures": "failure", "errors": "error", "skipped": "skipped"}
    for name, tag in counts.items():
        element.set(name, str(sum(1 for suite in suites for _ in suite.iter(tag))))
    element.set("time", f"{seconds:.3f}")


def _add_properties(element: ET.Element, values: dict[str, str]) -> None:
    properties = ET.SubElement(element, "properties")
    for name, value in values.items():
        ET.SubElement(properties, "property", {"name": name, "value": _plain(one_line(value, _LONGEST_MESSAGE))})


def _new_case(suite: ET.Element, excerpt: Excerpt, group: str, name: str, check: CheckResult | None) -> ET.Element:
    place = code_place(excerpt.exercise, check)
    names = {"classname": f"{excerpt.exercise}.{group}", "name": name, "file": place.file, "line": str(place.line)}
    return ET.SubElement(suite, "testcase", {**names, "time": "0"})


def _add_case(suite: ET.Element, excerpt: Excerpt, check: CheckResult) -> None:
    group = "public" if check.visibility is Visibility.ALWAYS else "hidden"
    case = _new_case(suite, excerpt, group, safe_name(check.id), check)
    points = "" if check.score is None else str(check.score)
    _add_properties(case, {"points": points, "max_points": str(check.points)})
    if check.outcome is not Outcome.PASSED:
        tag, kind = ("failure", "CheckFailed") if check.outcome is Outcome.FAILED else ("error", "OurFault")
        _add_reason(case, tag, kind, f"{check.title}: {feedback(check)}", feedback(check))


def _add_case_of_the_exercise(suite: ET.Element, excerpt: Excerpt, report: Report) -> None:
    """Say what kept an exercise from being graded. What this machine lacks is no error while it could do the others."""
    case = _new_case(suite, excerpt, "public", "graded", None)
    _add_properties(case, {"points": "", "max_points": str(excerpt.max_score)})
    is_other = any(card.status is not Status.UNAVAILABLE for card in report.scorecards)
    if excerpt.card.is_hidden or (excerpt.card.status is Status.UNAVAILABLE and is_other):
        _add_reason(case, "skipped", "Unavailable", excerpt.message, excerpt.message)
    else:
        _add_reason(case, "error", "OurFault", excerpt.message, excerpt.message)


def _add_reason(case: ET.Element, tag: str, kind: str, line: str, text: str) -> None:
    attributes = {"type": kind, "message": _plain(one_line(line, _LONGEST_MESSAGE))}
    ET.SubElement(case, tag, attributes).text = _plain(neutral(text))


def _plain(text: str) -> str:
    return text.translate(_MARKUP)
