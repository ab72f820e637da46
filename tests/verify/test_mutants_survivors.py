"""Survivors: what the checks of a small course see, what is listed as equivalent, and what is remembered."""

import json
from pathlib import Path

import pytest
from tests.toy import DOUBLES, GOOD, SLUG, WHOLE, check, toy_course

from proctor.catalog import Exercise
from proctor.errors import CourseError
from proctor.verify.mutants import Fate, find_survivors, mutants_of, read_equivalents

REASON = "Nobody ever calls this with another number."
LUCKY = check("doubles_nothing", 100, 'expect("double(0)", await stage.call("double", 0)).equals(0)')


def toy(root: Path, grader: str = WHOLE, equivalent: str = "") -> Exercise:
    """Return the toy exercise, with its list of equivalent mutants."""
    exercise = toy_course(root, grader).exercise(SLUG)
    if equivalent:
        (exercise.grader / "equivalent.toml").write_text(equivalent, encoding="utf-8")
    return exercise


def entry(name: str, *variants: str, reason: str = REASON) -> str:
    """Return one entry of the list."""
    return f"[{json.dumps(name)}]\nreason = {json.dumps(reason)}\nvariants = {json.dumps(variants)}\n"


def named(operator: str, starts: str = "") -> str:
    """Return the identifier of a mutant of the reference."""
    return next(one.id for one in mutants_of(GOOD, "main.py") if one.operator == operator and starts in one.description)


def test_a_mutant_is_killed_by_the_checks_that_fail_on_it(tmp_path: Path) -> None:
    (findings,) = find_survivors([toy(tmp_path)])
    assert {one.mutant.operator for one in findings.mutants} == {"arithmetic", "number", "nothing-returned"}
    assert {one.checks for one in findings.of(Fate.KILLED)} == {("doubles",)}
    assert findings.is_clean
    assert findings.graded == len(findings.mutants)


def test_a_survivor_is_shown_with_its_diff_and_the_checks_that_see_its_place(tmp_path: Path) -> None:
    (findings,) = find_survivors([toy(tmp_path, LUCKY)])
    survivor = findings.of(Fate.SURVIVED)[0]
    assert not findings.is_clean
    assert survivor.variant == "reference"
    assert "-    return number * 2\n+    return number * 3\n" in str(survivor)
    assert str(survivor).endswith("checks that see other mutants of `double`: doubles_nothing")


def test_a_listed_mutant_is_equivalent(tmp_path: Path) -> None:
    exercise = toy(tmp_path, LUCKY, entry(named("number", "becomes `3`"), "reference"))
    (findings,) = find_survivors([exercise])
    assert [one.mutant.id for one in findings.of(Fate.EQUIVALENT)] == [named("number", "becomes `3`")]
    assert findings.stale == ()


def test_entries_that_match_nothing_or_are_refuted_are_named(tmp_path: Path) -> None:
    gone, seen = "main.py:double:number:00000000", named("number", "becomes `3`")
    (findings,) = find_survivors(
        [toy(tmp_path, equivalent=entry(gone, "reference") + entry(seen, "reference", "other"))]
    )
    assert findings.stale == (("reference", gone), ("other", seen))
    assert [one.mutant.id for one in findings.contradicted] == [seen]
    assert not findings.is_clean


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (entry("a", "reference", reason="no"), "a.reason: String should have at least 20 characters"),
        (entry("a"), "a.variants: Tuple should have at least 1 item"),
        (entry("a", "reference") + "because = 1\n", "a.because: Extra inputs are not permitted"),
        ("a = \n", "cannot be read: Invalid value"),
    ],
)
def test_a_malformed_list_is_named_with_its_field(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(CourseError) as raised:
        read_equivalents(toy(tmp_path, equivalent=text))
    assert fault in str(raised.value)
    assert "equivalent.toml" in str(raised.value)


def test_an_exercise_without_a_list_has_no_equivalent_mutants(tmp_path: Path) -> None:
    assert read_equivalents(toy(tmp_path)) == {}


def test_a_right_answer_is_no_mutant_of_another(tmp_path: Path) -> None:
    exercise = toy(tmp_path)
    accepted = exercise.solution / "accepted"
    accepted.mkdir()
    (accepted / "adds.py").write_text('"""It adds."""\n\n' + GOOD.replace("* 2", "+ number"), encoding="utf-8")
    (accepted / "again.py").write_text(GOOD + "# the reference, with a comment\n", encoding="utf-8")
    (findings,) = find_survivors([exercise])
    assert {one.variant for one in findings.mutants} == {"reference", "adds"}


def test_what_has_not_changed_is_not_graded_again(tmp_path: Path) -> None:
    exercise, memory = toy(tmp_path), tmp_path / "memory"
    (first,) = find_survivors([exercise], memory=memory)
    (second,) = find_survivors([exercise], memory=memory)
    assert (second.graded, second.mutants) == (0, first.mutants)
    (exercise.solution / "main.py").write_text(
        GOOD + "\n\ndef half(number):\n    return number / 2\n", encoding="utf-8"
    )
    (third,) = find_survivors([exercise], memory=memory)
    assert third.graded == len(third.mutants)
    stricter = toy_course(tmp_path, check("doubles", 100, DOUBLES, title="It doubles well")).exercise(SLUG)
    (fourth,) = find_survivors([stricter], memory=memory)
    assert fourth.graded == len(fourth.mutants)


def test_a_memory_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    exercise, memory = toy(tmp_path), tmp_path / "memory"
    memory.mkdir()
    (memory / f"{SLUG}.json").write_text("[1, 2", encoding="utf-8")
    (findings,) = find_survivors([exercise], memory=memory)
    assert findings.graded == len(findings.mutants)


def test_our_own_fault_neither_kills_nor_spares_a_mutant(tmp_path: Path) -> None:
    broken = check("doubles", 100, 'raise StageLost("the cable is out")')
    (findings,) = find_survivors([toy(tmp_path, broken)], memory=tmp_path / "memory")
    assert {one.fate for one in findings.mutants} == {Fate.ERROR}
    assert "the cable is out" in findings.mutants[0].message
    (again,) = find_survivors([toy(tmp_path, broken)], memory=tmp_path / "memory")
    assert again.graded == len(again.mutants)
