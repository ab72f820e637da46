"""The grader owns the list of checks; whatever is odd about it costs nobody an undeserved point, and is shown."""

from pathlib import Path

import pytest
from tests.toy import DOUBLES, GOOD, WHOLE, check, grade_toy

from proctor.scorecard import Outcome, Status


def test_a_right_answer_gets_its_points(tmp_path: Path) -> None:
    card = grade_toy(tmp_path, WHOLE)
    assert (card.status, card.score, card.max_score) == (Status.GRADED, 100, 100)


def test_a_wrong_answer_reads_what_was_expected_and_seen(tmp_path: Path) -> None:
    card = grade_toy(tmp_path, WHOLE, "def double(number):\n    return number + 1\n")
    assert card.score == 0
    assert card.checks[0].message == "double(2)\n  expected: 4\n  seen:     3"


def test_a_skipped_check_scores_nothing(tmp_path: Path) -> None:
    skipping = check("skips", 60, 'pytest.skip("not today")')
    marked = check("is_marked", 20, "...", marks="@pytest.mark.skip(reason='never')")
    card = grade_toy(tmp_path, skipping + marked + check("doubles", 20, DOUBLES))
    assert (card.score, card.max_score) == (20, 100)
    assert ["skip" in result.message for result in card.checks] == [True, True, False]


def test_an_expected_failure_scores_nothing(tmp_path: Path) -> None:
    failing = check("fails", 50, "raise AssertionError", marks="@pytest.mark.xfail")
    passing = check("passes", 50, DOUBLES, marks="@pytest.mark.xfail(strict=False)")
    card = grade_toy(tmp_path, failing + passing)
    assert [result.score for result in card.checks] == [0, 0]


def test_a_check_that_runs_several_times_scores_nothing(tmp_path: Path) -> None:
    twice = WHOLE.replace("(stage: Stage)", "(stage: Stage, n: int)")
    card = grade_toy(
        tmp_path, twice.replace("@pytest.mark.points", '@pytest.mark.parametrize("n", [1, 2])\n@pytest.mark.points')
    )
    assert card.score == 0
    assert "more than once" in card.checks[0].message


def test_points_that_do_not_add_up_grade_nobody(tmp_path: Path) -> None:
    card = grade_toy(tmp_path, check("doubles", 90, DOUBLES))
    assert (card.status, card.score) == (Status.ERROR, None)
    assert "worth 90 points together, and not 100" in card.message


def test_a_grader_that_cannot_be_imported_is_our_fault(tmp_path: Path) -> None:
    card = grade_toy(tmp_path, WHOLE + "\nimport a_module_that_is_not_there\n")
    assert (card.status, card.score) == (Status.ERROR, None)
    assert "a_module_that_is_not_there" in card.message


def test_graders_import_what_they_share(tmp_path: Path) -> None:
    shared = tmp_path / "graders" / "shared_checks"
    shared.mkdir(parents=True)
    (shared / "__init__.py").write_text('"""What graders share."""\n')
    (shared / "twice.py").write_text("TWICE = {2: 4}\n")
    importing = "from shared_checks.twice import TWICE\n" + WHOLE.replace("equals(4)", "equals(TWICE[2])")
    wrong = "def double(number):\n    return number + 1\n"
    assert grade_toy(tmp_path / "alone", importing, GOOD).status is Status.ERROR  # nothing is shared there
    card = grade_toy(tmp_path, importing, wrong)
    assert (card.score, card.checks[0].message) == (0, "double(2)\n  expected: 4\n  seen:     3")


def test_a_check_without_a_sentence_is_our_fault(tmp_path: Path) -> None:
    card = grade_toy(tmp_path, check("doubles", 100, DOUBLES, title=""))
    assert card.status is Status.ERROR
    assert "needs a docstring" in card.message


def test_a_runner_that_dies_is_our_fault_and_no_point_is_lost(tmp_path: Path) -> None:
    card = grade_toy(tmp_path, check("doubles", 50, DOUBLES) + check("dies", 50, "import os", "os._exit(0)"))
    assert (card.status, card.score) == (Status.ERROR, None)
    assert [result.outcome for result in card.checks] == [Outcome.PASSED, Outcome.ERROR]


def test_what_was_our_fault_is_tried_once_more(tmp_path: Path) -> None:
    marker = tmp_path / "tried"
    flaky = check(
        "is_decided_at_the_second_try",
        60,
        "from pathlib import Path",
        f"marker = Path({str(marker)!r})",
        "if not marker.exists():",
        "    marker.touch()",
        '    raise StageLost("the machine was asleep")',
    )
    card = grade_toy(tmp_path, flaky + check("doubles", 40, DOUBLES))
    assert (card.status, card.score) == (Status.GRADED, 100)


def test_a_fault_that_stays_gives_no_score(tmp_path: Path) -> None:
    card = grade_toy(tmp_path, check("never_decides", 100, 'raise StageLost("the machine is asleep")'))
    assert (card.status, card.score, card.checks[0].score) == (Status.ERROR, None, None)
    assert "the machine is asleep" in card.checks[0].message


def test_a_check_that_stumbles_over_an_answer_fails_it(tmp_path: Path) -> None:
    stumbling = check("stumbles", 100, '(await stage.call("double", 2))["key"]')
    card = grade_toy(tmp_path, stumbling)
    assert (card.status, card.score) == (Status.GRADED, 0)
    assert "could not make sense of what your code did (TypeError" in card.checks[0].message


AFTERWARDS = """
@pytest.fixture
async def unlucky(stage):
    yield
    raise StageLost("the machine fell asleep afterwards")
"""


@pytest.mark.parametrize(
    ("submission", "outcome"), [(GOOD, Outcome.ERROR), ("def double(number):\n    pass\n", Outcome.FAILED)]
)
def test_what_goes_wrong_first_decides(tmp_path: Path, submission: str, outcome: Outcome) -> None:
    unlucky = AFTERWARDS + WHOLE.replace("(stage: Stage)", "(stage: Stage, unlucky)")
    card = grade_toy(tmp_path, unlucky, submission)
    assert [result.outcome for result in card.checks] == [outcome]


def test_what_the_submission_printed_is_kept_for_the_board(tmp_path: Path) -> None:
    card = grade_toy(tmp_path, WHOLE, GOOD + "print('\x1b[31mred')\n")
    assert card.checks[0].printed == "\\x1b[31mred\n"


MISTAKES = """
[adds]
fails = ["doubles", "doubles_more"]
says = "You add two where you should double."
link = "https://docs.python.org/3/"
seen = ["seen:     5"]

[returns_nothing]
fails = ["doubles", "doubles_more"]
says = "You return nothing at all."
link = "https://docs.python.org/3/"
seen = ["seen:     None"]

[half]
fails = ["doubles_more"]
says = "You stop half-way to the double."
link = "https://docs.python.org/3/"
"""
TWO = check("doubles", 50, 'expect("double(3)", await stage.call("double", 3)).equals(6)') + check(
    "doubles_more", 50, 'expect("double(9)", await stage.call("double", 9)).equals(18)'
)


def test_the_mistake_that_fits_is_named(tmp_path: Path) -> None:
    card = grade_toy(tmp_path, TWO, "def double(number):\n    return number + 2\n", MISTAKES)
    assert {result.mistake for result in card.checks} == {"adds"}
    assert all("likely: You add two" in result.message for result in card.checks)


def test_mistakes_with_the_same_verdict_are_told_apart_by_what_was_seen(tmp_path: Path) -> None:
    card = grade_toy(tmp_path, TWO, "def double(number):\n    pass\n", MISTAKES)
    assert {result.mistake for result in card.checks} == {"returns_nothing"}


def test_a_mistake_with_evidence_comes_before_one_without(tmp_path: Path) -> None:
    vague = MISTAKES.replace('seen = ["seen:     5"]\n', "")  # `adds` is the first by name
    card = grade_toy(tmp_path, TWO, "def double(number):\n    pass\n", vague)
    assert {result.mistake for result in card.checks} == {"returns_nothing"}


def test_no_mistake_is_named_where_none_fits(tmp_path: Path) -> None:
    card = grade_toy(tmp_path, TWO, "def double(number):\n    return number - 1 if number == 3 else 18\n", MISTAKES)
    assert [result.mistake for result in card.checks] == ["", ""]


def test_what_a_grader_stumbles_over_is_not_shown(tmp_path: Path) -> None:
    stumbles = check("doubles", 100, 'await stage.call("double", 2)', '{}["the value that only the grader knows"]')
    (result,) = grade_toy(tmp_path, stumbles).checks
    assert result.message == "this check could not make sense of what your code did (KeyError)"
