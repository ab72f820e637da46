"""JUnit XML, as CI services read it: one suite an exercise, one case a check.

There is no official specification; this is the common subset that https://github.com/testmoapp/junitxml documents.
A case without a child means "passed", so every check is written, and one that could not be decided is an error.
"""

from collections.abc import Iterable
from typing import Final
from xml.etree import ElementTree as ET

from proctor.hostile_text import neutral, one_line
from proctor.scorecard import CheckResult, Outcome, Report, Scorecard, Visibility

__all__ = ["to_junit"]

_LONGEST_MESSAGE: Final = 300
_MARKUP: Final = str.maketrans({"`": "'", "<": "(", ">": ")"})
"""Consumers put messages raw into Markdown fences and HTML tables."""


def to_junit(report: Report) -> str:
    """Return the report as JUnit XML."""
    checks = [check for card in report.scorecards for check in card.checks]
    seconds = sum(card.duration_s for card in report.scorecards)
    root = ET.Element("testsuites", _attributes("proctor", checks, seconds))
    for card in report.scorecards:
        suite = ET.SubElement(root, "testsuite", _attributes(card.exercise, card.checks, card.duration_s))
        properties = ET.SubElement(suite, "properties")
        ET.SubElement(properties, "property", {"name": "isolation", "value": ", ".join(report.isolation)})
        for check in card.checks:
            _add_case(suite, card, check)
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _attributes(name: str, checks: Iterable[CheckResult], seconds: float) -> dict[str, str]:
    outcomes = [check.outcome for check in checks]
    return {
        "name": name,
        "tests": str(len(outcomes)),
        "failures": str(outcomes.count(Outcome.FAILED)),
        "errors": str(outcomes.count(Outcome.ERROR)),
        "skipped": "0",
        "time": f"{seconds:.3f}",
    }


def _add_case(suite: ET.Element, card: Scorecard, check: CheckResult) -> None:
    group = "public" if check.visibility is Visibility.ALWAYS else "hidden"
    names = {"classname": f"{card.exercise}.{group}", "name": check.id, "time": "0"}
    case = ET.SubElement(suite, "testcase", names)
    properties = ET.SubElement(case, "properties")
    points = {"points": "" if check.score is None else str(check.score), "max_points": str(check.points)}
    for name, value in points.items():
        ET.SubElement(properties, "property", {"name": name, "value": value})
    if check.outcome is Outcome.PASSED:
        return
    text = neutral(check.message).translate(_MARKUP)
    line = one_line(f"{check.title}: {text}", _LONGEST_MESSAGE)
    tag, kind = ("failure", "CheckFailed") if check.outcome is Outcome.FAILED else ("error", "OurFault")
    ET.SubElement(case, tag, {"type": kind, "message": line}).text = text
