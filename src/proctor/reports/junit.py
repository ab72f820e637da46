"""JUnit XML, as CI services read it: one suite an exercise, one case a check.

There is no official specification; this is the common subset that https://github.com/testmoapp/junitxml documents.
A case without a child means "passed", so every check is written, and one that could not be decided is an error.
"""

import re
from typing import Final
from xml.etree import ElementTree as ET

from proctor.wording import clean
from proctor.scorecard import CheckResult, Outcome, Report, Scorecard

__all__ = ["to_junit"]

_LONGEST_MESSAGE: Final = 300
_NOT_XML: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MARKUP: Final = str.maketrans({"`": "'", "<": "(", ">": ")"})


def to_junit(report: Report) -> str:
    """Return the report as JUnit XML."""
    root = ET.Element("testsuites", name="proctor", **_counts([check for card in report.scorecards for check in card.checks]))
    root.set("time", f"{sum(card.duration_s for card in report.scorecards):.3f}")
    for card in report.scorecards:
        _suite(root, card)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _counts(checks: list[CheckResult]) -> dict[str, str]:
    outcomes = [check.outcome for check in checks]
    return {
        "tests": str(len(outcomes)),
        "failures": str(outcomes.count(Outcome.FAILED)),
        "errors": str(outcomes.count(Outcome.ERROR)),
        "skipped": "0",
    }


def _suite(root: ET.Element, card: Scorecard) -> None:
    suite = ET.SubElement(root, "testsuite", name=card.exercise, **_counts(list(card.checks)))
    suite.set("time", f"{card.duration_s:.3f}")
    for check in card.checks:
        case = ET.SubElement(suite, "testcase", classname=f"{card.exercise}.{check.visibility}", name=check.id, time="0")
        properties = ET.SubElement(case, "properties")
        for name, value in (("points", check.score), ("max_points", check.points)):
            ET.SubElement(properties, "property", name=name, value="" if value is None else str(value))
        if check.outcome is not Outcome.PASSED:
            tag, kind = ("failure", "CheckFailed") if check.outcome is Outcome.FAILED else ("error", "OurFault")
            line = _NOT_XML.sub("", clean(check.message)).translate(_MARKUP)
            flat = " ".join(f"{check.title}: {line}".split())[:_LONGEST_MESSAGE]
            ET.SubElement(case, tag, type=kind, message=flat).text = line
