"""What is put into a gradebook comes out of it: once, in order, as it was."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from random import Random
from typing import Final

import pytest
from tests.gradebook.evidence import ADA, BOB, HERE, MONDAY, after, attempt, card, decision, receipt

from proctor.errors import UsageError
from proctor.gradebook.attempt import Attempt
from proctor.gradebook.decision import Decision, DecisionKind
from proctor.gradebook.gradebook import Gradebook
from proctor.gradebook.student import Student
from proctor.scorecard import Status

HALF = "\ud83d"
HOSTILE = f"{HALF} \x00 \x1b[31m \u202e ' \" -- \udc80{HALF}"
CHANGES: Final[dict[str, Callable[[Gradebook], object]]] = {
    "roster": lambda gradebook: gradebook.enroll([ADA]),
    "handed in": lambda gradebook: gradebook.record([attempt(submitted_at=after(-1))], []),
    "receipt": lambda gradebook: gradebook.record([], [receipt(message="other")]),
    "decision": lambda gradebook: gradebook.decide(decision(made_at=after(1))),
    "file": lambda gradebook: gradebook.record([attempt("bob", files={"more.py": b"1"})], []),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "class" / "grades.sqlite3"


@pytest.fixture
def gradebook(path: Path) -> Iterator[Gradebook]:
    with Gradebook.open(path) as gradebook:
        gradebook.enroll([BOB, ADA])
        yield gradebook


def test_a_new_gradebook_has_a_seed_and_nothing_else(path: Path) -> None:
    with Gradebook.open(path) as gradebook:
        assert 0 <= gradebook.seed < 1 << 31
        assert gradebook.students() == []
        assert gradebook.attempts() == []
        assert gradebook.receipts() == []
        assert gradebook.decisions() == []
        assert gradebook.notices == []
        assert [*gradebook.dump()] == []
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_the_seed_stays_and_has_to_agree(path: Path) -> None:
    with Gradebook.open(path, seed=7) as gradebook:
        assert gradebook.seed == 7
    with Gradebook.open(path) as gradebook:
        assert gradebook.seed == 7
    with pytest.raises(UsageError, match=r"has the seed 7, and 8 is asked for"):
        Gradebook.open(path, seed=8)


def test_everything_is_there_after_opening_anew(gradebook: Gradebook, path: Path) -> None:
    assert gradebook.record([attempt()], [receipt()]) == 1
    gradebook.decide(decision())
    gradebook.close()
    with Gradebook.open(path) as again:
        assert again.students() == [ADA, BOB]
        (recorded,) = again.attempts()
        assert (recorded.student, recorded.scorecard, recorded.circumstances) == ("ada", card(), HERE)
        assert (recorded.submitted_at, recorded.graded_at) == (MONDAY, MONDAY)
        assert again.files("sha256:1") == {"main.py": b"# sha256:1\n"}
        assert again.receipts() == [receipt()]
        assert again.decisions() == [decision()]


def test_who_leaves_the_roster_keeps_history_and_may_come_back(gradebook: Gradebook) -> None:
    gradebook.record([attempt("bob")], [])
    renamed = Student(id="ada", name="Ada King")
    gradebook.enroll([renamed])
    assert gradebook.students() == [renamed]
    assert [one.student for one in gradebook.attempts()] == ["bob"]
    gradebook.record([attempt("bob", card("sha256:2"))], [])  # what was under way when bob left
    gradebook.enroll([ADA, BOB])
    assert gradebook.students() == [ADA, BOB]
    assert len(gradebook.attempts("bob")) == 2


def test_a_roster_with_somebody_twice_is_refused_whole(gradebook: Gradebook) -> None:
    with pytest.raises(ValueError, match="twice"):
        gradebook.enroll([ADA, ADA])
    assert gradebook.students() == [ADA, BOB]


def test_the_same_attempt_is_there_once_and_was_handed_in_when_it_first_was(gradebook: Gradebook) -> None:
    first = attempt(submitted_at=None, graded_at=after(0))
    assert gradebook.record([first, first], []) == 1
    for submitted_at, known in [(after(9), after(9)), (after(5), after(5)), (after(7), after(5)), (None, after(5))]:
        again = attempt(scorecard=card(duration_s=9.0), submitted_at=submitted_at, graded_at=after(60))
        assert gradebook.record([again], []) == 0
        (recorded,) = gradebook.attempts()
        assert recorded.submitted_at == known
        assert (recorded.graded_at, recorded.scorecard) == (after(0), card())


@pytest.mark.parametrize(
    "other",
    [
        attempt("bob"),
        attempt(scorecard=card(exercise="other")),
        attempt(scorecard=card("sha256:2")),
        attempt(scorecard=card(graders="sha256:better")),
        attempt(circumstances=replace(HERE, seed=8)),
        attempt(circumstances=replace(HERE, environment="sha256:newer")),
        attempt(circumstances=replace(HERE, isolation=("landlock",))),
    ],
    ids=["student", "exercise", "submission", "graders", "seed", "environment", "isolation"],
)
def test_an_attempt_is_another_one_when_anything_is_different(gradebook: Gradebook, other: Attempt) -> None:
    assert gradebook.record([attempt(), other], []) == 2


def test_attempts_are_in_the_order_of_grading_and_found_by_student_and_exercise(gradebook: Gradebook) -> None:
    made = [
        attempt("ada", card("sha256:3"), graded_at=after(3)),
        attempt("bob", card("sha256:1"), graded_at=after(1)),
        attempt("ada", card("sha256:2", exercise="other"), graded_at=after(2)),
        attempt("ada", card("sha256:4"), graded_at=after(3)),
    ]
    gradebook.record(made, [])

    def order(student: str | None = None, exercise: str | None = None) -> str:
        return "".join(one.scorecard.submission[-1] for one in gradebook.attempts(student, exercise))

    assert order() == "1234"
    assert order("ada") == "234"
    assert order(exercise="toy") == "134"
    assert order("ada", "other") == "2"
    assert order("nobody") == ""


@pytest.mark.parametrize("status", [Status.ERROR, Status.UNAVAILABLE])
def test_what_was_not_decided_is_no_attempt_and_nothing_of_it_is_recorded(gradebook: Gradebook, status: Status) -> None:
    undecided = attempt(scorecard=card("sha256:2", status=status, score=None))
    with pytest.raises(ValueError, match="nothing was decided"):
        gradebook.record([attempt(), undecided], [receipt()])
    assert gradebook.attempts() == []
    assert gradebook.receipts() == []


def test_a_student_who_was_never_enrolled_is_refused_and_nothing_recorded(gradebook: Gradebook) -> None:
    with pytest.raises(UsageError, match=r"no student `aad`.*Did you mean `ada`\?"):
        gradebook.record([attempt(), attempt("aad")], [])
    with pytest.raises(UsageError, match="no student `aad`"):
        gradebook.record([attempt()], [receipt("aad")])
    with pytest.raises(UsageError, match="no student `aad`"):
        gradebook.decide(decision("aad"))
    assert gradebook.attempts() == []
    assert gradebook.files("sha256:1") == {}


def test_a_verdict_is_found_for_whoever_hands_in_the_same(gradebook: Gradebook) -> None:
    gradebook.record([attempt("bob")], [])
    assert gradebook.verdict("toy", "sha256:1", "sha256:graders", HERE) == card()
    assert gradebook.verdict("other", "sha256:1", "sha256:graders", HERE) is None
    assert gradebook.verdict("toy", "sha256:2", "sha256:graders", HERE) is None
    assert gradebook.verdict("toy", "sha256:1", "sha256:better", HERE) is None
    assert gradebook.verdict("toy", "sha256:1", "sha256:graders", replace(HERE, isolation=())) is None


def test_what_was_printed_and_notes_are_not_recorded(gradebook: Gradebook) -> None:
    plain = card()
    checks = tuple(check.model_copy(update={"printed": "hello"}) for check in plain.checks)
    gradebook.record([attempt(scorecard=plain.model_copy(update={"checks": checks, "notes": ("a note",)}))], [])
    assert gradebook.attempts()[0].scorecard == plain


def test_a_receipt_takes_the_place_of_the_one_before(gradebook: Gradebook) -> None:
    gradebook.record([], [receipt("bob"), receipt("ada", "zoo"), receipt("ada")])
    gradebook.record([], [receipt("ada", message="looked at again", looked_at=after(1))])
    assert gradebook.receipts() == [
        receipt("ada", message="looked at again", looked_at=after(1)),
        receipt("ada", "zoo"),
        receipt("bob"),
    ]


def test_decisions_are_in_the_order_in_which_they_were_made(gradebook: Gradebook) -> None:
    extension = Decision(
        "ada", "toy", DecisionKind.EXTENSION, "teacher", "ill", after(1), until=after(9999), is_withdrawn=True
    )
    excuse = Decision("ada", "toy", DecisionKind.EXCUSE, "teacher", "", after(3))
    for one in (extension, decision(points="1"), decision(points="0.50", made_at=after(2)), excuse):
        gradebook.decide(one)
    gradebook.decide(decision(points="1"))  # the very same once more
    made = gradebook.decisions()
    assert made == [decision(points="1"), extension, decision(points="0.50", made_at=after(2)), excuse]
    assert str(made[2].points) == "0.50"
    assert gradebook.notices == []


def test_a_decision_that_is_dated_before_the_one_in_force_is_told(gradebook: Gradebook) -> None:
    gradebook.decide(decision(points="1", made_at=after(60)))
    gradebook.decide(decision(points="2", made_at=after(0)))
    assert "stays in force. Is the clock of this machine right?" in gradebook.notices[0]


def test_times_are_moments_and_need_a_zone(gradebook: Gradebook) -> None:
    in_kolkata = MONDAY.astimezone(timezone(timedelta(hours=5, minutes=30)))
    gradebook.record([attempt(submitted_at=in_kolkata, graded_at=datetime(2026, 1, 1, tzinfo=UTC))], [])
    (recorded,) = gradebook.attempts()
    assert recorded.submitted_at == MONDAY
    assert str(recorded.submitted_at) == "2026-11-23 06:00:00+00:00"
    with pytest.raises(ValueError, match="has no zone"):
        gradebook.record([attempt("bob", submitted_at=MONDAY.replace(tzinfo=None))], [])
    assert len(gradebook.attempts()) == 1


@pytest.mark.parametrize("text", [HOSTILE, "x" * 1_000_000, HALF * 1000], ids=["signs", "a million", "halves"])
def test_hostile_text_comes_out_as_it_was(gradebook: Gradebook, text: str) -> None:
    student = Student(id="eve", name=text, ids={text: text})
    gradebook.enroll([student])
    gradebook.record([attempt("eve", card(message=text), files={"main.py": text.encode("utf-8", "replace")})], [])
    gradebook.record([], [receipt("eve", message=text)])
    gradebook.decide(decision("eve", reason=text))
    assert gradebook.students() == [student]
    assert gradebook.attempts()[0].scorecard == card(message=text)
    assert gradebook.receipts() == [receipt("eve", message=text)]
    assert gradebook.decisions() == [decision("eve", reason=text)]
    assert gradebook.files("sha256:1") == {"main.py": text.encode("utf-8", "replace")}
    for line in gradebook.dump():
        assert line.isascii()
        assert json.loads(line)
    assert text in json.loads(gradebook.export("eve"))["receipts"][0]["message"]


def test_two_halves_that_make_a_pair_come_back_as_one_character(gradebook: Gradebook) -> None:
    gradebook.record([], [receipt(message="\ud83d\ude00")])
    assert gradebook.receipts()[0].message == "\N{GRINNING FACE}"


def test_a_key_that_is_no_text_is_refused_and_nothing_recorded(gradebook: Gradebook) -> None:
    with pytest.raises(ValueError, match="surrogates not allowed"):
        gradebook.record([attempt()], [receipt(exercise=HALF)])
    with pytest.raises(ValueError, match="surrogates not allowed"):
        gradebook.attempts(HALF)
    assert gradebook.attempts() == []


def test_the_same_content_is_the_same_dump_in_whatever_order_it_came(tmp_path: Path) -> None:
    attempts = [
        attempt(student, card(f"sha256:{number}", exercise=exercise), graded_at=after(number))
        for student in ("ada", "bob")
        for exercise in ("toy", "other")
        for number in range(3)
    ]
    receipts = [receipt(student, exercise) for student in ("ada", "bob") for exercise in ("toy", "other")]
    decisions = [decision(student, str(n), made_at=after(n)) for student in ("ada", "bob") for n in range(3)]
    dumps: set[str] = set()
    for number in range(3):
        random = Random(number)  # noqa: S311 - an order
        with Gradebook.open(tmp_path / f"{number}.sqlite3") as gradebook:
            gradebook.enroll(random.sample([ADA, BOB], 2))
            steps: list[Callable[[], object]] = [
                *(lambda one=one: gradebook.record([one], []) for one in attempts),
                *(lambda one=one: gradebook.record([], [one]) for one in receipts),
                *(lambda one=one: gradebook.decide(one) for one in decisions),
            ]
            for step in random.sample(steps, len(steps)):
                step()
            dumps.add("".join(gradebook.dump()))
    (dump,) = dumps
    kinds = [json.loads(line)["kind"] for line in dump.splitlines()]
    assert {kind: kinds.count(kind) for kind in kinds} == {
        "student": 2,
        "attempt": 12,
        "receipt": 4,
        "decision": 6,
        "file": 3,
    }


def test_a_dump_without_times_is_the_same_whenever_it_was_graded(tmp_path: Path) -> None:
    dumps: list[tuple[str, str]] = []
    for minute in (0, 1):
        with Gradebook.open(tmp_path / f"{minute}.sqlite3") as gradebook:
            gradebook.enroll([ADA])
            gradebook.record(
                [attempt(scorecard=card(duration_s=minute), graded_at=after(minute))],
                [receipt(looked_at=after(minute))],
            )
            gradebook.decide(decision(made_at=after(minute)))
            dumps.append(("".join(gradebook.dump()), "".join(gradebook.dump(times=False))))
    (early, early_without), (late, late_without) = dumps
    assert early != late
    assert early_without == late_without
    assert early_without.count("submitted_at") == 2
    for name in ("graded_at", "looked_at", "made_at", "duration_s"):
        assert name in early
        assert name not in early_without


@pytest.mark.parametrize("change", CHANGES)
def test_a_dump_shows_every_change(gradebook: Gradebook, change: str) -> None:
    gradebook.record([attempt()], [receipt()])
    gradebook.decide(decision())
    before = [*gradebook.dump(times=False)]
    CHANGES[change](gradebook)
    assert [*gradebook.dump(times=False)] != before
