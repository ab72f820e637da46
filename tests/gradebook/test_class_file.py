"""What a teacher writes into class.toml is understood, or refused with file, field and what to write in its place."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from tests.toy import SLUG, WHOLE, toy_course

from proctor.catalog import Course
from proctor.errors import UsageError
from proctor.gradebook.class_file import ClassFile, Counts, columns_of, read_class_file

EVERYTHING = f"""
title = "Toys, winter"
timezone = "Europe/Berlin"
counts = "latest"
only = ["{SLUG}"]
due = 2026-11-30T23:59:00
weight = 2

[exercises.{SLUG}]
due = 2026-12-07T23:59:00Z
weight = 1.5

[late]
grace = "15 min"
per_day = 10
at_most = 50
refused_after = "7 days"

[[by_hand]]
id = "presentation"
title = "Presentation"
max_score = 20
weight = 0.5
"""


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return toy_course(tmp_path, WHOLE)


def read(course: Course, text: str) -> ClassFile:
    path = course.root / "class.toml"
    path.write_text(text, encoding="utf-8")
    return read_class_file(path, course)


def test_without_a_file_all_exercises_count_alike_and_nothing_is_due(course: Course) -> None:
    nothing = read_class_file(None, course)
    assert nothing == ClassFile() == read(course, "")
    assert nothing.counts is Counts.BEST
    (column,) = columns_of(course, nothing)
    assert (column.exercise, column.title, column.chapter) == (SLUG, "Toy", "Toys")
    assert (column.max_score, column.weight, column.due_at) == (100, 1, None)


def test_everything_that_can_be_written_is_understood(course: Course) -> None:
    terms = read(course, EVERYTHING)
    toy, presentation = columns_of(course, terms)
    assert (terms.title, terms.counts) == ("Toys, winter", Counts.LATEST)
    assert (toy.weight, toy.due_at) == (Decimal("1.5"), datetime(2026, 12, 7, 23, 59, tzinfo=UTC))
    assert (presentation.exercise, presentation.title, presentation.max_score) == ("presentation", "Presentation", 20)
    assert (presentation.weight, presentation.due_at) == (Decimal("0.5"), None)
    assert (terms.late.grace, terms.late.per_day, terms.late.refused_after) == (900, 10, 7 * 86400)


def test_what_an_exercise_does_not_say_is_as_for_all(course: Course) -> None:
    terms = read(course, f"due = 2026-11-30T23:59:00+01:00\nweight = 3\n[exercises.{SLUG}]\n")
    assert terms.due_of(SLUG) == datetime(2026, 11, 30, 22, 59, tzinfo=UTC)
    assert terms.weight_of(SLUG) == 3


@pytest.mark.parametrize(
    ("local", "utc"),
    [("2026-07-01T12:00:00", "2026-07-01T10:00"), ("2026-12-01 12:00:00", "2026-12-01T11:00"),
     ("2026-10-25T02:30:00", "2026-10-25T01:30")],
    ids=["summer", "winter", "twice: the later one"],
)  # fmt: skip
def test_a_time_zone_makes_local_times_legal(course: Course, local: str, utc: str) -> None:
    due = read(course, f'timezone = "Europe/Berlin"\ndue = {local}\n').due
    assert due is not None
    assert due.astimezone(UTC).isoformat(timespec="minutes") == f"{utc}+00:00"
    assert due.isoformat(" ", "minutes")[:16] == local.replace("T", " ")[:16], "it reads as it was written"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("due = 2026-11-30T23:59:00", ["due: ", "is not the same moment everywhere", "2026-11-30T23:59:00+01:00"]),
        (f"exercises.{SLUG}.due = 2026-11-30T23:59:00", ["exercises: ", f"{SLUG}.due: 2026-11-30", 'timezone = "Eur']),
        ("due = 2026-11-30", ["due: ", "is no time: write one without quotes"]),
        ('due = "2026-11-30T23:59:00Z"', ["due: ", "without quotes"]),
        ("due = 20261130", ["due: ", "is no time"]),
        ("due = 0001-01-01T00:00:00+14:00", ["due: ", "out of reach"]),
        ('timezone = "Europe/Berlin"\ndue = 2027-03-28T02:30:00', ["does not exist in Europe/Berlin"]),
        ('timezone = "Berlin"', ["timezone: ", "there is no time zone 'Berlin'"]),
        ('timezone = "../../etc/passwd"', ["timezone: ", "there is no time zone"]),
        ('timezone = ""', ["timezone: ", "there is no time zone"]),
        ('only = ["toy-exercize"]', ["only: ", "`toy-exercize`", f"Did you mean `{SLUG}`?"]),
        ("[exercises.toy-exercize]", ["exercises: ", "`toy-exercize`", f"Did you mean `{SLUG}`?"]),
        (f'only = ["{SLUG}", "{SLUG}"]', ["named twice", SLUG]),
        (f'[[by_hand]]\nid = "{SLUG}"\ntitle = "x"', ["by_hand: ", "is an exercise of the course"]),
        ('[[by_hand]]\nid = "a"\ntitle = "x"\n[[by_hand]]\nid = "a"\ntitle = "y"', ["named twice", "`a`"]),
        ('[[by_hand]]\nid = "style"', ["by_hand.0.title: Field required"]),
        ("weight = -1", ["weight: ", "greater than or equal to 0"]),
        ("weight = nan", ["weight: "]),
        ("weight = 0.125", ["weight: ", "2 decimal places"]),
        ('counts = "first"', ["counts: ", "'best' or 'latest'"]),
        ("wieght = 1", ["wieght: Extra inputs are not permitted"]),
        ('[late]\ngrace = "soon"', ["late.grace: ", "is no duration"]),
        ("due = ", ["cannot be read"]),
    ],
)  # fmt: skip
def test_every_fault_is_told_with_file_and_field(course: Course, text: str, told: list[str]) -> None:
    with pytest.raises(UsageError) as refused:
        read(course, text)
    assert "class.toml" in str(refused.value)
    assert [part for part in told if part not in str(refused.value)] == []


def test_all_faults_are_told_at_once_and_a_wrong_zone_is_told_alone(course: Course) -> None:
    with pytest.raises(UsageError) as refused:
        read(course, 'timezone = "Berlin"\ndue = 2026-11-30T23:59:00\nweight = -1\n')
    assert "timezone: " in str(refused.value)
    assert "weight: " in str(refused.value)
    assert "due: " not in str(refused.value)


def test_a_file_that_is_missing_is_told(course: Course) -> None:
    with pytest.raises(UsageError, match=r"nowhere\.toml` is missing"):
        read_class_file(course.root / "nowhere.toml", course)
