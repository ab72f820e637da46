"""`proctor gradebook`: what a teacher types, reads and is told, on a real gradebook of a little class."""

import io
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.console import Console
from tests.gradebook.evidence import attempt, card
from tests.toy import SLUG, WHOLE, toy_course
from typer.testing import CliRunner, Result

from proctor.cli.gradebook import gradebook_app
from proctor.errors import UsageError
from proctor.gradebook.desk import open_desk
from proctor.gradebook.gradebook import Gradebook
from proctor.gradebook.show import show_class, show_student
from proctor.gradebook.student import Student
from proctor.terminal import Terminal

DUE = datetime(2026, 11, 30, 22, 59, tzinfo=UTC)
CLASS = """
title = "Toys, winter"
timezone = "Europe/Berlin"
due = 2026-11-30T23:59:00
[late]
per_day = 10
[[by_hand]]
id = "talk"
title = "Talk"
max_score = 20
"""
HOSTILE = "\x1b[2J=Bob\u202e [bold]x[/bold]"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course, and a class of two: Ada was a day late with 40 points, Bob has handed in nothing."""
    toy_course(tmp_path, WHOLE)
    (tmp_path / "class.toml").write_text(CLASS, encoding="utf-8")
    late = DUE + timedelta(days=1)
    with Gradebook.open(tmp_path / "gradebook.sqlite3", seed=7) as gradebook:
        gradebook.enroll([Student(id="ada", name="Ada", team="engines"), Student(id="bob", name=HOSTILE)])
        gradebook.record([attempt("ada", card(exercise=SLUG), submitted_at=late, graded_at=late)], [])
    monkeypatch.chdir(tmp_path)
    return tmp_path


def called(*arguments: str) -> Result:
    return CliRunner().invoke(gradebook_app, list(arguments))


def said(*arguments: str) -> str:
    """Return what a command prints that ends well."""
    result = called(*arguments)
    assert result.exit_code == 0, result.output
    return result.output


def refused(*arguments: str) -> str:
    """Return what a command raises, which `proctor` makes a message and exit code 2 of."""
    result = called(*arguments)
    assert isinstance(result.exception, UsageError), result.output
    return str(result.exception)


BECAUSE = ("--reason", "because", "--author", "Prof. Q")


@pytest.mark.usefixtures("folder")
def test_the_class_has_a_line_for_each_student() -> None:
    heading, columns, ada, bob = said("show").splitlines()
    assert heading == "Toys, winter"
    assert columns.split() == ["student", "name", "grade", "counts"]
    assert re.split(r"  +", ada) == ["ada", "Ada", "30.00", "1 of 2", "1 graded, 1 late, 1 not counted yet"]
    assert bob.startswith("bob")
    assert "\x1b" not in bob
    assert "\u202e" not in bob
    assert "[bold]x[/bold]" in bob


@pytest.mark.parametrize("student", ["", "bob"])
def test_a_terminal_shows_hostile_names_as_text(folder: Path, monkeypatch: pytest.MonkeyPatch, student: str) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    out = io.StringIO()
    terminal = Terminal(Console(file=out, force_terminal=True, width=120, highlight=False, legacy_windows=False))
    with open_desk(folder / "gradebook.sqlite3") as desk:
        if student:
            show_student(terminal, desk.report(), student, desk.class_file.zone)
        else:
            show_class(terminal, desk.report())
    text = out.getvalue()
    assert "\x1b[1m" in text, "it is drawn"
    assert "\x1b[2J" not in text
    assert "\u202e" not in text
    assert r"\x1b[2J=Bob\u202e [bold]x[/bold]" in text


def test_a_class_without_students_says_so(folder: Path) -> None:
    with Gradebook.open(folder / "empty.sqlite3"):
        pass
    assert said("show", "--gradebook", "empty.sqlite3") == "Toys, winter\nThere are no students yet.\n"
    assert "It has no students yet." in refused("show", "ada", "--gradebook", "empty.sqlite3")


@pytest.mark.usefixtures("folder")
def test_one_student_is_shown_with_reasons_and_attempts() -> None:
    assert said("show", "ada") == (
        "Ada (ada), team engines\n"
        "grade 30.00 of 100; 1 of 2 exercises count\n"
        "\n"
        "  toy-exercise: 30 of 100 points, graded, due 2026-11-30 23:59+01:00\n"
        "    the checks gave 40\n"
        "    1 day late: 10 of 100 points off\n"
        "    * 1 handed in 2026-12-01 23:59+01:00, graded 2026-12-01 23:59+01:00: 40 points, this one counts\n"
        "\n"
        "  no points are given yet, so it does not count: talk\n"
    )


@pytest.mark.usefixtures("folder")
def test_an_override_is_entered_and_withdrawn() -> None:
    assert said("override", "ada", SLUG, "77.5", *BECAUSE).startswith(
        "ada, toy-exercise: 77.5 of 100 points; Overridden by Prof. Q on 20"
    )
    assert "77.50" in said("show")
    assert said("override", "ada", SLUG, "--withdraw", *BECAUSE) == (
        "ada, toy-exercise: 30 of 100 points; 1 day late: 10 of 100 points off\n"
    )
    assert "no override is in force for `ada` at `toy-exercise`" in refused(
        "override", "ada", SLUG, "--withdraw", *BECAUSE
    )


@pytest.mark.usefixtures("folder")
def test_points_are_given_and_taken_by_hand() -> None:
    assert said("give", "ada", "talk", "15", *BECAUSE) == (
        "ada, talk: 15 of 20 points; 15 points given by hand: because\n"
    )
    assert said("give", "ada", SLUG, "-5", *BECAUSE).startswith("ada, toy-exercise: 25 of 100 points; 1 day late")


def test_an_extension_for_one_or_for_all(folder: Path) -> None:
    assert said("extend", "ada", SLUG, "2026-12-03T23:59", *BECAUSE) == (
        "ada, toy-exercise: 40 of 100 points; extended to 2026-12-03 23:59+01:00: because\n"
    )
    assert len(said("extend", "all", SLUG, "2099-12-03T23:59+02:00", *BECAUSE).splitlines()) == 2
    with Gradebook.open(folder / "gradebook.sqlite3") as gradebook:
        assert [(one.student, one.author) for one in gradebook.decisions()] == [
            ("ada", "Prof. Q"), ("ada", "Prof. Q"), ("bob", "Prof. Q"),
        ]  # fmt: skip
    assert len(said("extend", "all", SLUG, "--withdraw", *BECAUSE).splitlines()) == 2


@pytest.mark.usefixtures("folder")
def test_an_excuse_for_one_or_for_all() -> None:
    assert said("excuse", "bob", SLUG, *BECAUSE) == "bob, toy-exercise: no points (of 100); excused: because\n"
    assert len(said("excuse", "all", SLUG, *BECAUSE).splitlines()) == 2


def test_whoever_decides_is_named_by_the_system(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "quentin")
    said("excuse", "bob", SLUG, "--reason", "ill")
    with Gradebook.open(folder / "gradebook.sqlite3") as gradebook:
        assert [one.author for one in gradebook.decisions()] == ["quentin"]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["show", "adda"], "there is no student `adda` in the gradebook. Did you mean `ada`?"),
        (["override", "adda", SLUG, "1", *BECAUSE], "Did you mean `ada`?"),
        (["override", "ada", "toy-exercize", "1", *BECAUSE], f"Did you mean `{SLUG}`?"),
        (["override", "all", SLUG, "1", *BECAUSE], "there is no student `all`"),
        (["override", "ada", SLUG, *BECAUSE], "`` is no number of points"),
        (["override", "ada", SLUG, "12,5", *BECAUSE], "`12,5` is no number of points: write one like `80` or `12.5`"),
        (["override", "ada", SLUG, "nan", *BECAUSE], "`nan` is no number of points"),
        (["override", "ada", SLUG, "0.001", *BECAUSE], "`0.001` is no number of points"),
        (["override", "ada", SLUG, "1000", *BECAUSE], "out of range for `toy-exercise`: 0 to 100"),
        (["give", "ada", "talk", "-1", *BECAUSE], "out of range for `talk`: 0 to 20"),
        (["override", "ada", SLUG, "1", "--withdraw", *BECAUSE], "leave `1` out"),
        (["override", "ada", SLUG, "1", "--reason", " "], "a decision needs a reason"),
        (["extend", "ada", SLUG, "2026-12-03", *BECAUSE], "write `2026-12-03T23:59`"),
        (["extend", "ada", SLUG, "tomorrow", *BECAUSE], "`tomorrow` is no time"),
        (["extend", "ada", SLUG, "2026-11-30T23:59", *BECAUSE], "is due 2026-11-30 23:59+01:00: an extension ends"),
        (["extend", "ada", "talk", "2026-12-03T23:59", *BECAUSE], "graded by hand and is never due"),
        (["export", "adda"], "there is no student `adda`"),
        (["forget", "adda"], "there is no student `adda`"),
        (["show", "--gradebook", "nowhere.sqlite3"], "there is no gradebook `nowhere.sqlite3`"),
        (["dump", "--gradebook", "nowhere.sqlite3"], "there is no gradebook `nowhere.sqlite3`"),
        (["show", "--class", "nowhere.toml"], "`nowhere.toml` is missing"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_entered(folder: Path, arguments: list[str], told: str) -> None:
    before = said("dump")
    assert told in refused(*arguments)
    assert said("dump") == before
    assert not (folder / "nowhere.sqlite3").exists()


@pytest.mark.usefixtures("folder")
def test_a_decision_without_a_reason_is_wrong_usage() -> None:
    result = called("excuse", "bob", SLUG)
    assert result.exit_code == 2
    assert "--reason" in result.output


def test_a_local_time_needs_a_time_zone(folder: Path) -> None:
    (folder / "class.toml").unlink()
    assert "is not the same moment everywhere" in refused("extend", "ada", SLUG, "2026-12-03T23:59", *BECAUSE)


@pytest.mark.usefixtures("folder")
def test_all_about_a_student_is_exported_and_forgotten() -> None:
    said("give", "ada", SLUG, "1", *BECAUSE)
    exported = json.loads(said("export", "ada"))
    assert exported["student"]["name"] == "Ada"
    assert "add `--yes` to remove it" in refused("forget", "ada")
    assert said("forget", "ada", "--yes") == ("ada is forgotten (attempts: 1, files: 1, decisions: 1, receipts: 0).\n")
    assert "ada" not in said("dump").lower()


@pytest.mark.usefixtures("folder")
def test_a_dump_is_json_line_by_line_with_or_without_times() -> None:
    with_times, without = said("dump").splitlines(), said("dump", "--no-times").splitlines()
    assert [json.loads(line)["kind"] for line in with_times] == [json.loads(line)["kind"] for line in without]
    assert any("graded_at" in line for line in with_times)
    assert not any("graded_at" in line for line in without)


def test_every_command_has_a_help_text() -> None:
    told = called("--help").output
    for name in ("show", "override", "give", "extend", "excuse", "export", "forget", "dump"):
        assert name in told
        assert called(name, "--help").exit_code == 0
