"""Results of Classroom 50, read by the rules of its schema and by those that its runner adds."""

import re
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from tests.reports.examples import (
    FAULTY,
    HOSTILE,
    RUNNING,
    UNAVAILABLE,
    UNREADABLE,
    card,
    check,
    hostile_report,
    report,
)
from tests.reports.harmless import read_json

from proctor.errors import OurFault, UsageError
from proctor.reports.classroom50 import Identity, to_classroom50
from proctor.reports.reader import Reader

MOMENT: Final = datetime(2026, 11, 22, 10, 0, 12, 345678, tzinfo=UTC)
REPOSITORY: Final = "https://github.com/example-org/web-api-ex01-items-alice"
ENVIRONMENT: Final = {
    "CLASSROOM": "web-api",
    "ASSIGNMENT": "ex01-items",
    "ASSIGNMENT_TYPE": "individual",
    "OWNER": "alice",
    "USERNAME": "alice",
    "SUBMISSION_TAG": "submit/2026-11-22T10-00-00Z-a1b2c3d",
    "COMMIT_URL": f"{REPOSITORY}/commit/a1b2c3d",
    "RELEASE_URL": f"{REPOSITORY}/releases/tag/submit%2F2026-11-22T10-00-00Z-a1b2c3d",
    "REVIEW_URL": f"{REPOSITORY}/compare/0000000...a1b2c3d",
}
IDENTITY: Final = Identity.read(ENVIRONMENT)
REQUIRED: Final = {
    "schema", "classroom", "assignment", "assignment_type", "owner", "submission", "commit", "release", "review",
    "datetime", "score", "max-score", "tests",
}  # fmt: skip
INSTANT: Final = r"\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ"


def read(text: str) -> dict[str, Any]:
    """Read as runner and collector do: a point is an int and no bool, and nobody has more than there are."""
    document = read_json(text)
    assert set(document) >= REQUIRED
    assert set(document) <= REQUIRED | {"graded_at", "submitted_by"}
    assert document["schema"] == "classroom50/result/v1"
    assert document["submission"].startswith("submit/")
    assert all(isinstance(document[key], str) and document[key] for key in REQUIRED - {"score", "max-score", "tests"})
    assert re.fullmatch(INSTANT, document["datetime"])
    assert re.fullmatch(INSTANT, document["graded_at"])
    for entry in [document, *document["tests"]]:
        assert type(entry["score"]) is int
        assert type(entry["max-score"]) is int
        assert 0 <= entry["score"] <= entry["max-score"]
    for test in document["tests"]:
        assert test["test-name"]
        assert type(test["passed"]) is bool
    return document


def test_the_running_example_is_what_the_runner_accepts() -> None:
    document = read(to_classroom50(RUNNING, IDENTITY, MOMENT, Reader.TEACHER))
    assert (document["score"], document["max-score"]) == (5, 10)
    assert [test["passed"] for test in document["tests"]] == [True, False, False]
    assert document["tests"][2]["message"] == "2 of 5 points: the Location header is missing"
    assert document["datetime"] == document["graded_at"] == "2026-11-22T10:00:12Z"
    assert document["owner"] == "alice"


def test_a_student_reads_public_checks_and_points_only() -> None:
    document = read(to_classroom50(RUNNING, IDENTITY, MOMENT))
    assert (document["score"], document["max-score"]) == (3, 5)
    assert [test["test-name"] for test in document["tests"]] == ["lists_items", "missing_item_is_404"]


@pytest.mark.parametrize("undecided", [FAULTY, UNAVAILABLE, report()], ids=["error", "unavailable", "nothing graded"])
def test_nothing_is_published_that_is_not_decided(undecided: Any) -> None:
    with pytest.raises(OurFault) as raised:
        to_classroom50(undecided, IDENTITY, MOMENT)
    assert raised.value.exit_code == 3


def test_nothing_is_published_where_every_check_is_hidden() -> None:
    hidden = report(card(check("secret", 5, 5, visibility="never")))
    with pytest.raises(OurFault, match="taken for a success"):
        to_classroom50(hidden, IDENTITY, MOMENT)


def test_a_submission_that_cannot_be_loaded_has_no_points() -> None:
    document = read(to_classroom50(UNREADABLE, IDENTITY, MOMENT))
    assert (document["score"], document["max-score"], len(document["tests"])) == (0, 10, 2)


def test_the_identity_is_the_environment_of_the_runner() -> None:
    team = Identity.read({**ENVIRONMENT, "ASSIGNMENT_TYPE": "team", "OWNER": "group-1"})
    assert (team.assignment_type, team.owner) == ("team", "group-1")
    bare = {key: value for key, value in ENVIRONMENT.items() if key not in {"OWNER", "REVIEW_URL"}}
    assert (Identity.read(bare).owner, Identity.read(bare).review) == ("alice", ENVIRONMENT["COMMIT_URL"])


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("CLASSROOM", ""),
        ("ASSIGNMENT", "a b"),
        ("ASSIGNMENT", "\x1b[2J"),
        ("ASSIGNMENT_TYPE", "Individual\n"),
        ("OWNER", "../alice"),
        ("SUBMISSION_TAG", "v1.0"),
        ("COMMIT_URL", "javascript:alert(1)"),
        ("RELEASE_URL", "https://example.org/a b"),
    ],
)
def test_a_variable_that_is_not_as_it_should_be_is_named(variable: str, value: str) -> None:
    with pytest.raises(UsageError, match=variable) as raised:
        Identity.read({**ENVIRONMENT, variable: value})
    assert "\x1b" not in str(raised.value)


def test_all_missing_variables_are_named_at_once() -> None:
    with pytest.raises(UsageError) as raised:
        Identity.read({})
    assert str(raised.value).count("is not set") == 8


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_names_can_stand_in_the_table_that_the_runner_writes(text: str) -> None:
    written = to_classroom50(hostile_report([text]), IDENTITY, MOMENT)
    document = read(written)
    assert (document["score"], document["max-score"]) == (1, 5)
    for test in document["tests"]:
        assert re.fullmatch(r"[A-Za-z0-9_.-]+", test["test-name"])
        assert "\n" not in test.get("message", "")
    assert len(written) < 10_000
