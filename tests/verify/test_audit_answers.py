"""The audit finds every fault that shows only when answers are graded: in checks, in answers, in what is read.

One course holds an exercise with nothing wrong and a copy of it for every fault; all are graded in one run.
"""

from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.verify.test_audit import DOUBLES, DOUBLES_NOTHING, change, write_course

from proctor.catalog import load_course
from proctor.scorecard import Status
from proctor.scoring import without_verdict
from proctor.submission import read_submission
from proctor.verify import Finding, Subject, Weight, audit, grade_answers
from proctor.verify.audit import GRADED_RULES
from proctor.verify.killing import kill_mutants
from proctor.verify.known_answers import can_be_graded
from proctor.verify.transcript import transcript

TESTS, MISTAKES, STUB = "graders/{}/test_toy.py", "graders/{}/mistakes.toml", "exercises/{}/.stub/main.py"
SIX = ".equals(6)\n"
RIGHT = "right_answers_get_all_points"
LOSE, LOST = "mistakes_lose_what_they_declare", "every_check_is_lost_by_a_mistake"

FAULTS = {
    "few-points": ("points_add_up_to_100", TESTS, "points(60)", "points(50)", "worth 90 points together, and not 100"),
    "no-points": (
        "points_add_up_to_100",
        TESTS,
        "\n@pytest.mark.points(60)",
        '\n@pytest.mark.points(0)\nasync def test_free(stage: Stage):\n    """It is free"""\n\n@pytest.mark.points(60)',
        "the check `free` does not count",
    ),
    "all-public": (
        "something_stays_hidden",
        TESTS,
        DOUBLES + DOUBLES_NOTHING,
        (DOUBLES + DOUBLES_NOTHING).replace("@pytest", "@pytest.mark.public\n@pytest"),
        "the public checks are worth 100 points together: nothing stays hidden",
    ),
    "public-secret": (
        "something_stays_hidden",
        TESTS,
        "\n@pytest.mark.points(60)",
        '\n@pytest.mark.public\n@pytest.mark.visibility("after_due")\n@pytest.mark.points(60)',
        "the check `doubles` is public, and its feedback is shown `after_due`",
    ),
    "renamed": ("check_ids_are_stable", TESTS, "test_doubles_nothing", "test_zero", "which is on record, is gone"),
    "no-import": ("the_stub_imports", STUB, "def", "import absent\n\ndef", "the untouched stub cannot be loaded"),
    "always-passes": (
        "the_stub_is_red",
        TESTS,
        'expect("double(3)", await stage.call("double", 3)).equals(6)',
        'await stage.call("double", 3)',
        "the check `doubles` passes on the untouched stub, which gets 60 points for nothing",
    ),
    "over-constrains": (
        RIGHT,
        TESTS,
        SIX,
        SIX + '    expect("double", await stage.call("double", "a")).equals("aa")\n',
        "a right answer gets 40 of 100 points, because it does not pass `doubles`",
    ),
    "wrong-reference": (RIGHT, "solutions/{}/main.py", "* 2", "* 4", "gets 40 of 100 points"),
    "broken-accepted": (RIGHT, "solutions/{}/accepted/adds_up.py", "def", "import absent\n\ndef", "cannot be loaded"),
    "spared": (LOSE, "graders/{}/mistakes/triples.py", "* 3", "* 2", "the mistake passes `doubles`, which it should"),
    "undeclared": (LOSE, MISTAKES, '["doubles"]', '["doubles", "doubles_nothing"]', "passes `doubles_nothing`, which"),
    "more-lost": (
        LOSE,
        "graders/{}/mistakes/triples.py",
        "* 3",
        "- 3",
        "fails `doubles_nothing`, which it does not de",
    ),
    "broken-mistake": (LOSE, "graders/{}/mistakes/triples.py", "def", "import absent\n\ndef", "cannot be loaded, so"),
    "other-sentence": (
        "mistakes_show_their_sentence",
        MISTAKES,
        "     9",
        "     8",
        "does not read its sentence, nor any",
    ),
    "other-words": ("learners_read_what_is_on_record", TESTS, '"double(3)"', '"twice 3"', "read something else now"),
    "our-fault": ("every_answer_is_decided", TESTS, SIX, SIX + '    raise StageLost("gone")\n', "could not be decided"),
}

ALSO = {
    "few-points": {"learners_read_what_is_on_record"},
    "no-points": {LOST},
    "renamed": {"mistakes_name_checks", LOST, "learners_read_what_is_on_record", LOSE, "mistakes_show_their_sentence"},
    "no-import": {"learners_read_what_is_on_record", "learners_begin_with_the_stub"},
    "always-passes": {"learners_read_what_is_on_record", LOSE, "mistakes_show_their_sentence"},
    "over-constrains": {"learners_read_what_is_on_record", LOSE, "mistakes_show_their_sentence"},
    "spared": {"right_answers_are_different", "learners_read_what_is_on_record", "mistakes_show_their_sentence"},
    "undeclared": {"learners_read_what_is_on_record", "mistakes_show_their_sentence"},
    "more-lost": {"learners_read_what_is_on_record", "mistakes_show_their_sentence"},
    "broken-mistake": {"learners_read_what_is_on_record"},
    "other-sentence": {"learners_read_what_is_on_record"},
}
"""Rules that the same fault breaks, too."""

Subjects = Mapping[str, Subject]


@pytest.fixture(scope="module")
def subjects(tmp_path_factory: pytest.TempPathFactory) -> Subjects:
    """Grade the exercise with nothing wrong and all its faulty copies; the first one's transcript is that of all."""
    root = tmp_path_factory.mktemp("course")
    write_course(root, "flawless", *FAULTS)
    for slug, (_, file, old, new, _) in FAULTS.items():
        change(root, file.format(slug), old, new)
    exercises = list(load_course(root))
    cards = grade_answers(exercises)
    for exercise in exercises:
        (exercise.grader / "transcript.txt").write_text(transcript(cards["flawless"]), encoding="utf-8")
    return {one.slug: Subject(one, tuple(cards), cards[one.slug]) for one in exercises}


def found_in(subjects: Subjects, slug: str) -> list[Finding]:
    return audit(subjects[slug])


def test_nothing_is_found_where_nothing_is_wrong(subjects: Subjects) -> None:
    assert found_in(subjects, "flawless") == []


@pytest.mark.parametrize("slug", FAULTS)
def test_a_fault_that_shows_in_grading_is_found_and_told(slug: str, subjects: Subjects) -> None:
    rule, _, _, _, what = FAULTS[slug]
    found = found_in(subjects, slug)
    told = [one for one in found if one.rule == rule]
    assert any(what in one.what for one in told), found
    assert all("\n" not in one.what + one.where + one.remedy for one in told)
    assert all(one.where.split("/")[1] == slug for one in told)
    assert {one.rule for one in found} <= {rule, *ALSO.get(slug, ())}


def test_every_rule_about_answers_is_seen_to_find_something() -> None:
    assert {rule.__name__ for rule in GRADED_RULES} == {rule for rule, *_ in FAULTS.values()}


def test_only_what_could_not_be_decided_is_our_own_fault(subjects: Subjects) -> None:
    ours = {slug for slug in subjects for one in found_in(subjects, slug) if one.weight is Weight.OURS}
    assert ours == {"our-fault"}


def test_a_check_that_always_passes_lets_mutants_live(subjects: Subjects) -> None:
    counts, findings = kill_mutants(subjects["always-passes"].exercise, None)
    assert counts is not None
    assert counts.survived == len(findings) > 0
    first = findings[0]
    assert (first.rule, first.where) == ("every_mutant_is_killed", "solutions/always-passes/main.py, `double`")
    assert first.what.startswith("no check notices that, in `double`, ")
    assert "-    return number * 2\n+" in first.evidence
    assert "perhaps by `doubles_nothing`" in first.remedy
    assert "in `graders/always-passes/equivalent.toml`" in first.remedy


def test_a_check_that_asks_for_too_much_is_named_at_every_answer_that_it_refuses(subjects: Subjects) -> None:
    told = [one for one in found_in(subjects, "over-constrains") if one.rule == RIGHT]
    refused = {one.where for one in told}
    assert refused == {f"solutions/over-constrains/accepted/{name}.py" for name in ("shifts", "adds_up")}
    assert all("relax the check" in one.remedy and "TypeError" in one.evidence for one in told)


def test_a_difference_is_shown_line_by_line(subjects: Subjects) -> None:
    (finding,) = found_in(subjects, "other-words")
    assert "-  double(3)" in finding.evidence
    assert "+  twice 3" in finding.evidence


def test_what_is_not_on_record_is_to_be_recorded(subjects: Subjects, tmp_path: Path) -> None:
    cards = subjects["flawless"].cards
    write_course(tmp_path, "flawless")
    (finding,) = audit(Subject(load_course(tmp_path).exercise("flawless"), ("flawless",), cards))
    assert (finding.what, finding.where) == ("is missing", "graders/flawless/transcript.txt")
    assert "`proctor verify --record` writes it" in finding.remedy


def test_what_cannot_be_graded_here_is_noted(subjects: Subjects) -> None:
    exercise = subjects["flawless"].exercise
    card = without_verdict(read_submission(exercise, exercise.folder), Status.UNAVAILABLE, "there is none")
    found = audit(Subject(exercise, ("flawless",), dict.fromkeys(("stub", "reference"), card)))
    assert [(one.rule, one.weight) for one in found] == [("every_answer_is_decided", Weight.NOTE)] * 2


def test_an_exercise_that_lacks_what_grading_needs_is_not_graded(tmp_path: Path) -> None:
    write_course(tmp_path, "flawless")
    assert can_be_graded(load_course(tmp_path).exercise("flawless"))
    (tmp_path / "graders/flawless/mistakes.toml").write_text("a = 1\n", encoding="utf-8")
    exercise = load_course(tmp_path).exercise("flawless")
    assert grade_answers([exercise]) == {"flawless": {}}


def test_addresses_and_random_identifiers_are_not_on_record(subjects: Subjects) -> None:
    cards = dict(subjects["flawless"].cards)
    stub = cards["stub"]
    first = stub.checks[0].model_copy(update={"message": "<F at 0x7fb1f63a81a0> 0b7ff4a6-33f7-4f0e-9d3a-0d6b1f0f9d11"})
    cards["stub"] = stub.model_copy(update={"checks": (first,)})
    assert "\n  <F at 0x…> a UUID\n" in transcript(cards)
