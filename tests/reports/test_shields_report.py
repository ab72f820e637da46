"""The badge, read by the rules of shields.io."""

from typing import Any

import pytest
from tests.reports.examples import FAULTY, RUNNING, UNAVAILABLE, WHOLE, card, check, hostile_report, report
from tests.reports.harmless import read_json

from proctor.reports.reader import Reader
from proctor.reports.shields import to_shields

KEYS = {
    "schemaVersion", "label", "message", "color", "labelColor", "isError", "namedLogo", "logoSvg", "logoColor",
    "logoWidth", "style", "cacheSeconds",
}  # fmt: skip


def read(text: str) -> dict[str, Any]:
    document = read_json(text)
    assert set(document) <= KEYS
    assert document["schemaVersion"] == 1
    assert isinstance(document["label"], str)
    assert document["message"]
    assert type(document.get("cacheSeconds", 300)) is int
    assert type(document.get("isError", False)) is bool
    return document


@pytest.mark.parametrize(
    ("reader", "label", "message"), [(Reader.STUDENT, "public points", "3/5"), (Reader.TEACHER, "points", "5/10")]
)
def test_the_badge_has_the_points_that_its_reader_may_know(reader: Reader, label: str, message: str) -> None:
    document = read(to_shields(RUNNING, reader))
    assert (document["label"], document["message"], document["color"]) == (label, message, "yellow")


@pytest.mark.parametrize(("score", "color"), [(0, "red"), (49, "orange"), (50, "yellow"), (100, "brightgreen")])
def test_the_colour_follows_the_points(score: int, color: str) -> None:
    assert read(to_shields(report(card(check("one", 100, score)))))["color"] == color


@pytest.mark.parametrize("lost", [FAULTY, UNAVAILABLE], ids=["error", "unavailable"])
def test_what_is_not_decided_is_neither_red_nor_green(lost: Any) -> None:
    document = read(to_shields(lost))
    assert (document["message"], document["color"], document["isError"]) == ("not decided", "lightgrey", True)


def test_a_badge_says_nothing_but_points() -> None:
    assert read(to_shields(hostile_report()))["message"] == "23/115"
    assert read(to_shields(WHOLE))["message"] == "10/10"
    assert read(to_shields(report()))["message"] == "0/0"
