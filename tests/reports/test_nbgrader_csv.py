"""The nbgrader table, read back by its columns (nbgrader/plugins/export.py)."""

import csv
import io
from datetime import datetime, timedelta, timezone

from tests.reports.lms_class import HOSTILE_NAMES, a_class, a_row, a_student

from proctor.gradebook.class_report import RowStatus
from proctor.reports.nbgrader import to_nbgrader

COLUMNS = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score"),
)


def rows(text: str) -> list[dict[str, str]]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    found = list(reader)
    assert tuple(reader.fieldnames or ()) == COLUMNS
    for row in found:
        assert None not in row, "a cell too many"
        if row["score"]:
            assert float(row["score"]) == max(0, float(row["raw_score"]) - float(row["late_submission_penalty"]))
        for time in (row["timestamp"], row["duedate"]):
            assert not time or f"{datetime.strptime(time, '%Y-%m-%d %H:%M:%S')}" == time  # noqa: DTZ007 - it has no zone
    return found


def test_every_exercise_and_student_has_a_row_whose_score_is_what_is_left_of_the_raw_one() -> None:
    at_home = datetime(2026, 11, 22, 11, 59, 41, tzinfo=timezone(timedelta(hours=2)))
    report = a_class(
        a_student(
            "a", a_row("64.75", score=85, submitted_at=at_home), email="a@example.edu", full_name="Ann B. Example"
        ),
        a_student("b", a_row("0", RowStatus.MISSING), full_name="Example, Bob"),
        a_student("c", a_row(None, RowStatus.ERROR)),
        a_student("d", a_row("95", score=90)),
    )
    written = to_nbgrader(report).text
    found = rows(written)
    assert [row["student_id"] for row in found] == ["a", "b", "c", "d"]
    assert list(found[0].values()) == [
        *("little-server", "", "2026-11-22 09:59:41", "a", "Example", "Ann B.", "a@example.edu"),
        *("85.0", "20.25", "64.75", "100.0"),
    ]
    assert [found[1][name] for name in ("timestamp", "last_name", "raw_score", "score")] == [
        "",
        "Example",
        "0.0",
        "0.0",
    ]
    assert [found[2][name] for name in ("raw_score", "late_submission_penalty", "score")] == ["", "", ""]
    assert [found[3][name] for name in ("raw_score", "score")] == ["95.0", "95.0"]
    assert written.count("\r\n") == written.count("\n") == 5


def test_names_shift_no_columns_and_lose_nothing() -> None:
    report = a_class(
        *(a_student(f"s{number}", a_row("1"), full_name=name) for number, name in enumerate(HOSTILE_NAMES))
    )
    for row, name in zip(rows(to_nbgrader(report).text), HOSTILE_NAMES, strict=True):
        pieces = {f"{row['last_name']}, {row['first_name']}", f"{row['last_name']},{row['first_name']}"}
        assert name in pieces | {f"{row['first_name']} {row['last_name']}".strip()}
