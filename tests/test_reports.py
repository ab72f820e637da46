"""The report says the same in every format, and its schema is the one that is published."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from proctor.reports.junit import to_junit
from proctor.scorecard import CheckResult, Outcome, Report, Scorecard, Status, Visibility, report_schema

PUBLISHED = Path(__file__).parents[1] / "docs" / "report.schema.json"


def result(name: str, outcome: Outcome, **fields: str) -> CheckResult:
    score = {Outcome.PASSED: 50, Outcome.FAILED: 0, Outcome.ERROR: None}[outcome]
    visibility = Visibility(fields.pop("visibility", "always"))
    return CheckResult(
        id=name, title=f"It {name}", points=50, score=score, outcome=outcome, visibility=visibility, **fields
    )


def card(*checks: CheckResult, status: Status = Status.GRADED) -> Scorecard:
    return Scorecard(
        exercise="toy-exercise",
        submission="sha256:aa",
        graders="sha256:bb",
        status=status,
        score=None if status is Status.ERROR else sum(check.score or 0 for check in checks),
        max_score=100,
        duration_s=0.25,
        checks=checks,
    )


def report(*cards: Scorecard) -> Report:
    return Report(proctor="1.0", seed=7, isolation=("separate process",), scorecards=cards)


HALF = card(
    result("works", Outcome.PASSED), result("fails", Outcome.FAILED, message="expected 1, saw 2", printed="hello")
)
WHOLE = card(result("works", Outcome.PASSED), result("works_too", Outcome.PASSED))
FAULT = card(result("works", Outcome.PASSED), result("breaks", Outcome.ERROR), status=Status.ERROR)


@pytest.mark.parametrize(("cards", "code"), [((WHOLE,), 0), ((WHOLE, HALF), 1), ((HALF, FAULT), 3), ((), 0)])
def test_the_exit_code_follows_from_the_cards(cards: tuple[Scorecard, ...], code: int) -> None:
    assert report(*cards).exit_code == code


def test_the_published_schema_is_current() -> None:
    assert json.loads(PUBLISHED.read_text()) == report_schema()


def test_a_report_satisfies_the_published_schema() -> None:
    document = json.loads(report(HALF, FAULT).to_json())
    jsonschema.validate(document, json.loads(PUBLISHED.read_text()))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document | {"schema": "proctor/report/v2"}, json.loads(PUBLISHED.read_text()))


def test_the_document_has_the_fields_of_the_contract_in_their_order() -> None:
    document = json.loads(report(HALF).to_json())
    assert list(document) == ["schema", "proctor", "seed", "isolation", "not_protected", "scorecards"]
    scorecard = document["scorecards"][0]
    assert list(scorecard) == [
        "exercise", "submission", "graders", "status", "score", "max_score", "duration_s", "message", "checks",
    ]  # fmt: skip
    assert list(scorecard["checks"][0]) == [
        "id", "title", "points", "score", "outcome", "visibility", "message", "mistake",
    ]  # fmt: skip


def test_junit_counts_every_check_and_knows_three_outcomes() -> None:
    root = ET.fromstring(to_junit(report(HALF, FAULT)))
    assert (root.get("tests"), root.get("failures"), root.get("errors"), root.get("skipped")) == ("4", "1", "1", "0")
    cases = {case.get("name"): [child.tag for child in case] for case in root.iter("testcase")}
    assert cases == {"works": ["properties"], "fails": ["properties", "failure"], "breaks": ["properties", "error"]}


def test_junit_survives_hostile_text() -> None:
    hostile = "\x00\x1b[2J##[error]<img src=x>`\ud800\n::notice::Points"
    text = to_junit(report(card(result("fails", Outcome.FAILED, message=hostile), result("works", Outcome.PASSED))))
    (failure,) = ET.fromstring(text.encode()).iter("failure")
    for shown in (failure.get("message", ""), failure.text or ""):
        assert not any(mark in shown for mark in ("\x00", "\x1b", "##[", "<", "`", "\n::"))
    assert "\n" not in failure.get("message", "")
