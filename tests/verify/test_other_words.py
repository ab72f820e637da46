"""Right answers in other words: what is changed in them, and which checks ask for too much."""

from pathlib import Path

import pytest
from tests.toy import SLUG, check, toy_course

from proctor.catalog import Exercise
from proctor.verify.mutants import reworded
from proctor.verify.other_words import judge_other_words

REFUSING = 'def double(number):\n    return number * 2 if isinstance(number, int) else {"detail": "no text"}\n'


@pytest.mark.parametrize(
    ("source", "other"),
    [
        ('raise HTTPException(404, "unknown")', 'raise HTTPException(404, "unknown, indeed")'),
        ('raise HTTPException(404, detail="unknown")', 'raise HTTPException(404, detail="unknown, indeed")'),
        ('raise ValueError(f"no {x}")', 'raise ValueError(f"no, indeed {x}")'),
        ('raise A("b" "c")', 'raise A("b, indeed" "c, indeed")'),
        ('x = {"detail": "no"}', 'x = {"detail": "no, indeed"}'),
    ],
)
def test_the_words_of_a_refusal_are_changed(source: str, other: str) -> None:
    assert reworded(source, "") == other


@pytest.mark.parametrize(
    "source",
    [
        'raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})',
        'raise HTTPException(401, NAMES["x"])',
        'raise HTTPException(401, find("x"))',
        'raise HTTPException(401, media_type="text/plain")',
        'raise ValueError("")',
        'x = {"price": "no"}',
        'x = {"detail": {"kind": "no"}}',
        'log("no")',
        'def f():\n    """No."""\n',
    ],
)
def test_what_programs_read_is_left_alone(source: str) -> None:
    assert reworded(source, "") == source


def test_promised_words_are_left_alone() -> None:
    source = 'raise A("one") from B("two")\nraise A("three")'
    assert reworded(source, "It says `one`.") == 'raise A("one") from B("two")\nraise A("three, indeed")'


def refusing(root: Path, seen: str, wanted: str, readme: str = "") -> Exercise:
    """Return an exercise whose right answer refuses texts, and whose check looks at how."""
    refuses = f'expect("the refusal of a text", {seen}).equals({wanted})'
    grader = check("refuses", 100, 'refusal = await stage.call("double", "x")', refuses)
    exercise = toy_course(root, grader).exercise(SLUG)
    (exercise.solution / "main.py").write_text(REFUSING, encoding="utf-8")
    (exercise.folder / "README.md").write_text(readme, encoding="utf-8")
    return exercise


def test_a_check_that_asks_for_free_words_is_told(tmp_path: Path) -> None:
    (finding,) = judge_other_words(refusing(tmp_path, "refusal", '{"detail": "no text"}'))
    assert (finding.rule, finding.where) == ("other_words_are_as_right", f"solutions/{SLUG}/main.py")
    assert finding.what == "`refuses` asks for the words of this answer, which the README does not promise"
    assert '-    return number * 2 if isinstance(number, int) else {"detail": "no text"}' in finding.evidence
    assert '+    return number * 2 if isinstance(number, int) else {"detail": "no text, indeed"}' in finding.evidence


def test_a_check_may_ask_for_promised_words(tmp_path: Path) -> None:
    assert judge_other_words(refusing(tmp_path, "refusal", '{"detail": "no text"}', "It says `no text`.")) == []


def test_a_check_that_leaves_the_words_free_asks_for_nothing(tmp_path: Path) -> None:
    assert judge_other_words(refusing(tmp_path, "list(refusal)", '["detail"]')) == []
