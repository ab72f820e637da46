"""How grades come about: which attempt counts, what late work loses, and what a teacher has decided."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

from proctor.catalog import load_course
from proctor.gradebook.attempt import Circumstances
from proctor.gradebook.class_file import ClassFile, Counts, columns_of, read_class_file
from proctor.gradebook.class_report import ClassReport, Column, Row, RowStatus
from proctor.gradebook.decision import Decision, DecisionKind
from proctor.gradebook.grades import Records, class_report
from proctor.gradebook.late import LatePolicy, duration_in_words, number
from proctor.gradebook.receipt import Receipt
from proctor.gradebook.recorded import RecordedAttempt
from proctor.gradebook.student import Student
from proctor.scorecard import CheckResult, Outcome, Scorecard, Status, Visibility

ROOT = Path(__file__).parents[2]
DUE = datetime(2026, 11, 30, 12, tzinfo=UTC)
NOW = DUE + timedelta(days=30)
ADA, BOB = Student(id="ada"), Student(id="bob")
PER_DAY = LatePolicy.model_validate({"grace": "15 min", "per_day": 10, "refused_after": "7 days"})
TERMS = ClassFile(due=DUE, late=PER_DAY)
TOY = Column(exercise="toy", title="Toy", due_at=DUE)


def day(days: float) -> datetime:
    """Return a time so many days after the toy was due."""
    return DUE + timedelta(days=days)


def attempt(score: int, submitted_at: datetime | None = DUE, **about: Any) -> RecordedAttempt:
    """Return an attempt at the toy; what is graded is graded when it was handed in, if nothing else is said."""
    submission = about.get("submission", f"sha256:{score}")
    check = CheckResult(
        id="works",
        title="It works",
        points=100,
        score=score,
        outcome=Outcome.PASSED if score else Outcome.FAILED,
        visibility=Visibility.ALWAYS,
        message=submission,
    )
    card = Scorecard(
        exercise=about.get("exercise", "toy"),
        submission=submission,
        graders=about.get("graders", "sha256:graders"),
        status=about.get("status", Status.GRADED),
        score=score,
        max_score=100,
        duration_s=0.5,
        message=about.get("message", ""),
        checks=(check,),
    )
    circumstances = Circumstances(7, "sha256:environment", ())
    graded_at = about.get("graded_at", submitted_at or DUE)
    return RecordedAttempt(about.get("student", "ada"), card, circumstances, submitted_at, graded_at)


def receipt(status: RowStatus, student: str = "ada", message: str = "", submission: str = "") -> Receipt:
    return Receipt(student, "toy", status, message, submission, None, NOW)


def decision(kind: DecisionKind, points: str = "", days: float = 0, **about: Any) -> Decision:
    return Decision(
        student=about.get("student", "ada"),
        exercise=about.get("exercise", "toy"),
        kind=kind,
        author="Prof. Q",
        reason=about.get("reason", "because"),
        made_at=about.get("made_at", DUE),
        points=Decimal(points) if points else None,
        until=day(days) if days else None,
        is_withdrawn=about.get("is_withdrawn", False),
    )


def report(
    *known: RecordedAttempt | Receipt | Decision,
    students: tuple[Student, ...] = (ADA,),
    columns: tuple[Column, ...] = (TOY,),
    terms: ClassFile = TERMS,
    now: datetime = NOW,
) -> ClassReport:
    records = Records(
        students,
        [one for one in known if isinstance(one, RecordedAttempt)],
        [one for one in known if isinstance(one, Receipt)],
        [one for one in known if isinstance(one, Decision)],
    )
    return class_report("Toys", columns, terms, records, now)


def row(*known: RecordedAttempt | Receipt | Decision, **about: Any) -> Row:
    """Return Ada's row for the toy."""
    return report(*known, **about).students[0].rows[0]


# Which attempt counts


def test_the_best_attempt_counts() -> None:
    found = row(attempt(40, day(-3)), attempt(90, day(-2)), attempt(60, day(-1)))
    assert (found.status, found.score, found.points, found.reasons) == (RowStatus.GRADED, 90, 90, ())
    assert [(one.score, one.counts) for one in found.attempts] == [(40, False), (90, True), (60, False)]
    assert found.submitted_at == day(-2)
    assert found.checks[0].message == "sha256:90"


def test_or_the_latest_one() -> None:
    found = row(attempt(40, day(-3)), attempt(90, day(-2)), attempt(60, day(-1)), terms=ClassFile(counts=Counts.LATEST))
    assert (found.score, found.points) == (60, 60)


@pytest.mark.parametrize("counts", list(Counts))
def test_a_later_attempt_that_is_late_makes_nothing_worse(counts: Counts) -> None:
    terms = TERMS.model_copy(update={"counts": counts})
    worse = row(attempt(80, day(-1)), attempt(85, day(1)), terms=terms)
    better = row(attempt(80, day(-1)), attempt(100, day(1)), terms=terms)
    assert (worse.score, worse.points, worse.late_s, worse.reasons) == (80, 80, 0, ())
    assert (better.score, better.points, better.late_s) == (100, 90, 86400)
    assert better.reasons == ("1 day late: 10 of 100 points off",)


def test_points_that_are_equal_count_as_they_were_handed_in_first() -> None:
    found = row(attempt(90, day(-2), submission="sha256:b"), attempt(90, day(-1), submission="sha256:a"))
    assert found.submitted_at == day(-2)


@pytest.mark.parametrize(
    ("seconds", "points"), [(0, 100), (900, 100), (901, 90), (86400, 90), (86401, 80), (604800, 30), (604801, 0)]
)
def test_lateness_costs_from_the_end_of_the_grace_to_the_end_of_all_points(seconds: int, points: int) -> None:
    found = row(attempt(100, DUE + timedelta(seconds=seconds)))
    assert (found.points, found.late_s) == (points, seconds)
    assert bool(found.reasons) == (points < 100)


def test_no_penalty_is_larger_than_the_score() -> None:
    assert row(attempt(5, day(2))).points == 0


def test_what_nobody_knows_the_time_of_is_in_time() -> None:
    assert row(attempt(70, None, graded_at=day(20))).points == 70


def test_an_untouched_stub_is_no_later_work() -> None:
    stub = attempt(0, day(-1), message="this is still the untouched stub")
    assert row(attempt(80, day(-2)), stub, terms=ClassFile(counts=Counts.LATEST)).points == 80


def test_with_latest_what_is_handed_in_again_is_the_latest() -> None:
    again = Receipt("ada", "toy", RowStatus.GRADED, "", "sha256:90", day(-1), NOW)
    latest = ClassFile(counts=Counts.LATEST)
    assert row(attempt(90, day(-3)), attempt(60, day(-2)), terms=latest).points == 60
    assert row(attempt(90, day(-3)), attempt(60, day(-2)), again, terms=latest).points == 90


# Grading again


def test_a_new_grading_takes_the_place_of_the_old_one_and_both_are_kept() -> None:
    before = attempt(60, day(-1), submission="sha256:a", graders="sha256:old")
    regraded = attempt(40, day(-1), submission="sha256:a", graders="sha256:new", graded_at=day(20))
    found = row(before, regraded)
    assert (found.points, found.submitted_at, found.graded_at, found.late_s) == (40, day(-1), day(20), 0)
    assert [(one.graders, one.score, one.counts) for one in found.attempts] == [
        ("sha256:old", 60, False),
        ("sha256:new", 40, True),
    ]


def test_grading_again_makes_nothing_late_even_where_the_time_has_moved() -> None:
    before = attempt(60, day(-1), submission="sha256:a", graders="sha256:old")
    for seen_at in (day(20), None):
        again = attempt(80, seen_at, submission="sha256:a", graders="sha256:new", graded_at=day(20))
        assert (row(before, again).points, row(before, again).late_s) == (80, 0)


# What was not handed in, and what was not decided


def test_what_is_missing_has_no_points_once_it_was_due() -> None:
    found = row(receipt(RowStatus.MISSING))
    assert (found.status, found.points, found.message) == (RowStatus.MISSING, 0, "nothing was handed in")
    assert row(receipt(RowStatus.MISSING, message="there is no folder `toy`")).message == "there is no folder `toy`"
    assert report().students[0].grade == 0


@pytest.mark.parametrize(("seconds", "counts"), [(-1, False), (0, False), (900, False), (901, True)])
def test_what_is_missing_counts_for_nothing_before_it_was_due(seconds: int, counts: bool) -> None:
    found = report(receipt(RowStatus.MISSING), now=DUE + timedelta(seconds=seconds)).students[0]
    assert (found.rows[0].points is not None, found.grade is not None) == (counts, counts)
    assert ("it is due 2026-11-30 12:00+00:00, and does not count before that" in found.rows[0].reasons) != counts


def test_an_untouched_stub_is_as_good_as_missing() -> None:
    stub = attempt(0, day(-3), message="this is still the untouched stub")
    assert row(stub, now=day(-1)).points is None
    assert row(stub).points == 0
    assert row(stub).message == "this is still the untouched stub"


def test_without_a_due_date_what_is_missing_counts_once_anybody_has_handed_it_in() -> None:
    never_due = TOY.model_copy(update={"due_at": None})
    alone = report(students=(ADA, BOB), columns=(never_due,))
    begun = report(attempt(80, student="bob"), students=(ADA, BOB), columns=(never_due,))
    assert [one.grade for one in alone.students] == [None, None]
    assert alone.students[0].rows[0].reasons == ("nobody has handed it in yet, so it does not count",)
    assert [one.grade for one in begun.students] == [0, 80]


def test_what_cannot_be_loaded_has_no_points_however_it_was_found() -> None:
    graded = row(attempt(0, status=Status.UNREADABLE, message="main.py: SyntaxError"))
    found = row(receipt(RowStatus.UNREADABLE, message="main.py is missing", submission="sha256:none"))
    assert (graded.status, graded.points, graded.message) == (RowStatus.UNREADABLE, 0, "main.py: SyntaxError")
    assert (found.status, found.points, found.message) == (RowStatus.UNREADABLE, 0, "main.py is missing")


@pytest.mark.parametrize("status", [RowStatus.ERROR, RowStatus.UNAVAILABLE])
def test_nobody_loses_points_for_our_fault(status: RowStatus) -> None:
    other = Column(exercise="other", title="Other", due_at=DUE)
    found = report(
        attempt(80, exercise="other"), receipt(status, message="the stage was lost"), columns=(TOY, other)
    ).students[0]
    assert (found.rows[0].status, found.rows[0].points, found.rows[0].message) == (status, None, "the stage was lost")
    assert found.rows[0].reasons == ("it is not decided, which is our fault, and does not count",)
    assert found.grade == 80


def test_what_was_decided_before_stands_in_for_our_fault_and_says_so() -> None:
    found = row(attempt(70, day(-2)), receipt(RowStatus.ERROR, message="the stage was lost", submission="sha256:new"))
    assert (found.status, found.points, found.message) == (RowStatus.GRADED, 70, "the stage was lost")
    assert found.reasons == ("the last grading failed, which is our fault: what was decided before counts",)


# Teams


def test_a_team_shares_work_and_nothing_else() -> None:
    ada, bob, eve = (Student(id=one, team="engines") for one in ("ada", "bob", "eve"))
    mallory = Student(id="mallory", team="others")
    found = report(
        attempt(100, day(1), student="bob"),
        decision(DecisionKind.EXTENSION, days=2, student="ada"),
        decision(DecisionKind.EXCUSE, student="eve"),
        students=(mallory, eve, bob, ada),
    )
    assert [(one.student.id, one.rows[0].status.value, one.rows[0].points) for one in found.students] == [
        ("ada", "graded", 100),
        ("bob", "graded", 90),
        ("eve", "excused", None),
        ("mallory", "missing", 0),
    ]


def test_those_without_a_team_are_no_team() -> None:
    found = report(attempt(100, student="bob"), students=(ADA, BOB))
    assert [one.rows[0].points for one in found.students] == [0, 100]


def test_the_first_of_a_team_hands_in_for_all() -> None:
    team = tuple(Student(id=one, team="engines") for one in ("ada", "bob"))
    same = [attempt(100, day(-1), student="ada"), attempt(100, day(3), student="bob")]
    assert [one.rows[0].points for one in report(*same, students=team).students] == [100, 100]


# What a teacher decides


def test_an_override_is_the_points_however_late_it_was() -> None:
    made_at = datetime(2026, 11, 3, 23, 30, tzinfo=UTC)
    found = row(attempt(40, day(3)), decision(DecisionKind.OVERRIDE, "77.5", made_at=made_at, reason="we have talked"))
    assert (found.status, found.score, found.points) == (RowStatus.GRADED, 40, Decimal("77.5"))
    assert found.reasons == ("Overridden by Prof. Q on 2026-11-03: we have talked",)
    berlin = TERMS.model_copy(update={"timezone": "Europe/Berlin"})
    there = row(decision(DecisionKind.OVERRIDE, "1", made_at=made_at), terms=berlin)
    assert there.reasons == ("Overridden by Prof. Q on 2026-11-04: because",)


@pytest.mark.parametrize("status", [RowStatus.MISSING, RowStatus.ERROR, RowStatus.UNREADABLE])
def test_an_override_decides_what_was_not_to_be_graded(status: RowStatus) -> None:
    found = row(receipt(status), decision(DecisionKind.OVERRIDE, "50"))
    assert (found.status, found.points) == (RowStatus.GRADED, 50)


def test_points_by_hand_are_added_after_what_late_work_loses() -> None:
    found = row(attempt(90, day(1)), decision(DecisionKind.GIVEN, "3", reason="fine names"))
    assert found.points == 83
    assert found.reasons == ("1 day late: 10 of 100 points off", "3 points given by hand: fine names")


def test_points_may_be_taken_off_by_hand_but_not_below_nothing() -> None:
    found = row(attempt(4), decision(DecisionKind.GIVEN, "-5", reason="no names"))
    assert (found.points, found.reasons) == (0, ("5 points taken off by hand: no names",))


def test_points_by_hand_wait_until_the_rest_is_decided() -> None:
    found = row(receipt(RowStatus.ERROR), decision(DecisionKind.GIVEN, "3"))
    assert (found.status, found.points) == (RowStatus.ERROR, None)
    assert found.reasons[-1] == "3 points given by hand: because (not before the rest is decided)"


def test_an_extension_takes_the_place_of_the_due_date() -> None:
    late = attempt(100, day(2))
    found = row(late, decision(DecisionKind.EXTENSION, days=2, reason="ill"))
    assert (found.points, found.late_s) == (100, 0)
    assert found.reasons == ("extended to 2026-12-02 12:00+00:00: ill",)
    assert row(decision(DecisionKind.EXTENSION, days=40)).points is None, "what is missing has time until then"


def test_what_is_excused_does_not_count() -> None:
    other = Column(exercise="other", title="Other", due_at=DUE)
    excuse = decision(DecisionKind.EXCUSE, exercise="other", reason="ill")
    override = decision(DecisionKind.OVERRIDE, "20", exercise="other")
    found = report(attempt(80), excuse, override, columns=(TOY, other)).students[0]
    assert (found.rows[1].status, found.rows[1].points) == (RowStatus.EXCUSED, None)
    assert found.rows[1].reasons == ("excused: ill",)
    assert found.grade == 80


def test_the_latest_decision_of_a_kind_is_in_force_until_it_is_withdrawn() -> None:
    first = decision(DecisionKind.OVERRIDE, "50", made_at=day(1))
    second = decision(DecisionKind.OVERRIDE, "60", made_at=day(2))
    end = decision(DecisionKind.OVERRIDE, made_at=day(3), is_withdrawn=True)
    assert row(attempt(40), second, first).points == 60
    assert row(attempt(40), first, second, end).points == 40, "and the one before does not come back"


def test_what_no_check_is_for_counts_once_points_are_given() -> None:
    terms = ClassFile.model_validate({"by_hand": [{"id": "talk", "title": "Talk", "max_score": 20}]})
    talk = Column(exercise="talk", title="Talk", max_score=20)
    nothing = row(terms=terms, columns=(talk,))
    assert (nothing.status, nothing.points) == (RowStatus.MISSING, None)
    given = report(decision(DecisionKind.GIVEN, "15", exercise="talk"), terms=terms, columns=(talk,)).students[0]
    assert (given.rows[0].status, given.rows[0].points, given.rows[0].max_score) == (RowStatus.GRADED, 15, 20)
    assert given.grade == 75


# The grade


@pytest.mark.parametrize(
    ("weights", "scores", "grade"),
    [
        (("1", "1", "1"), (100, 100, 0), "66.67"),
        (("1", "1", "1"), (100, 0, 0), "33.33"),
        (("2", "1", "0"), (80, 50, 0), "70.00"),
        (("0.01", "7.99", "0"), (50, 0, 100), "0.06"),  # 0.0625 exactly
        (("1", "31", "0"), (20, 0, 0), "0.63"),  # 0.625 exactly: halves go up
    ],
)
def test_the_grade_is_a_weighted_mean_rounded_once(
    weights: tuple[str, ...], scores: tuple[int, ...], grade: str
) -> None:
    columns = tuple(Column(exercise=f"e{n}", title="", weight=Decimal(one)) for n, one in enumerate(weights))
    attempts = [attempt(score, exercise=f"e{n}") for n, score in enumerate(scores)]
    assert str(report(*attempts, columns=columns).students[0].grade) == grade


def test_where_only_weightless_exercises_count_there_is_no_grade() -> None:
    weightless = TOY.model_copy(update={"weight": Decimal(0)})
    assert report(attempt(80), columns=(weightless,)).students[0].grade is None


def test_every_student_has_a_row_for_every_column_in_order() -> None:
    columns = tuple(Column(exercise=one, title=one) for one in ("z", "toy", "a"))
    stranger, elsewhere = attempt(1, student="nobody"), attempt(1, exercise="gone")
    found = report(stranger, elsewhere, attempt(50), students=(BOB, ADA), columns=columns)
    assert [one.student.id for one in found.students] == ["ada", "bob"]
    assert [[one.exercise for one in student.rows] for student in found.students] == [["z", "toy", "a"]] * 2


def test_the_order_in_which_things_were_recorded_does_not_matter() -> None:
    team = tuple(Student(id=one, team="engines") for one in ("ada", "bob"))
    draw = Random(20261123)  # noqa: S311 - no secret
    gradings = {(number, graders, student) for number in range(6) for graders in range(3) for student in ("ada", "bob")}
    known: list[RecordedAttempt | Receipt | Decision] = [
        attempt(
            draw.choice([0, 50, 70, 100]),
            draw.choice([None, day(draw.randrange(-2, 4))]),
            submission=f"sha256:{number}",
            graders=f"sha256:{graders}",
            student=student,
            graded_at=day(draw.randrange(5, 8)),
        )
        for number, graders, student in sorted(gradings)
    ]
    known += [receipt(RowStatus.ERROR, "ada", "lost"), receipt(RowStatus.UNREADABLE, "bob", "odd", "sha256:9")]
    for counts in Counts:
        terms = TERMS.model_copy(update={"counts": counts})
        documents: set[str] = set()
        for _ in range(10):
            draw.shuffle(known)
            documents.add(report(*known, students=team, terms=terms).to_json())
        assert len(documents) == 1


@pytest.mark.parametrize("counts", list(Counts))
def test_handing_in_once_more_while_late_never_costs_points(counts: Counts) -> None:
    draw = Random(7)  # noqa: S311 - no secret
    terms = TERMS.model_copy(update={"counts": counts})
    for _ in range(100):
        before = [attempt(draw.randrange(1, 101), day(-draw.randrange(1, 9))) for _ in range(draw.randrange(1, 4))]
        more = attempt(draw.randrange(1, 101), day(draw.choice([0.02, 1, 3.5, 9])), submission="sha256:more")
        had, has = row(*before, terms=terms).points, row(*before, more, terms=terms).points
        assert had is not None
        assert has is not None
        assert has >= had


def test_the_report_is_a_document_with_its_schema() -> None:
    document = report(attempt(80)).to_json()
    assert '"schema": "proctor/class/v1"' in document
    assert ClassReport.model_validate_json(document) == report(attempt(80))


def test_the_example_of_the_teachers_page_is_right(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "gradebook.md").read_text(encoding="utf-8")
    path = tmp_path / "class.toml"
    path.write_text(page.split("```toml\n")[1].split("```")[0], encoding="utf-8")
    course = load_course(ROOT)
    terms = read_class_file(path, course)
    columns = columns_of(course, terms)
    example = page.partition("### An example")[2].partition("## Looking")[0]
    handed_in, expected = (
        [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()[2:]]
        for table in re.findall(r"(?:^\|.*\n)+", example, re.MULTILINE)
    )
    attempts = [
        attempt(int(score), datetime.fromisoformat(time).replace(tzinfo=terms.zone), exercise=exercise)
        for exercise, time, score in handed_in
    ]
    decisions = [
        decision(DecisionKind.GIVEN, "5", exercise="cors-desk", reason="clear names"),
        decision(DecisionKind.GIVEN, "18", exercise="presentation", reason="a good talk"),
        decision(DecisionKind.EXCUSE, exercise="opening-day", reason="ill"),
    ]
    (ada,) = report(*attempts, *decisions, columns=columns, terms=terms).students
    found = {one.exercise: one for one in ada.rows}
    assert {*found} == {exercise for exercise, _, _, _ in expected}
    assert f"a grade of **{ada.grade}** of 100" in example
    for column in columns:
        ((_, weight, points, why),) = [line for line in expected if line[0] == column.exercise]
        row = found[column.exercise]
        assert weight == number(column.weight)
        assert points == ("-" if row.points is None else f"{number(row.points)} of {row.max_score}")
        assert why == (
            row.reasons[0] if row.reasons else f"{duration_in_words(row.late_s)} late, which is within the grace"
        )


def test_decisions_about_somebody_else_change_nothing() -> None:
    about_bob = replace(decision(DecisionKind.OVERRIDE, "1"), student="bob")
    assert row(attempt(80), about_bob).points == 80
