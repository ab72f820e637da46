"""Every student's repository is found by the roster and a pattern, at one commit, and nowhere else."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.actions.world import bare_repository

from proctor.actions.git_access import git_access
from proctor.actions.pins import Pin, pin_repositories, read_pins, repository_name, write_pins
from proctor.errors import UsageError
from proctor.gradebook.student import Student

PATTERN = "my-course/work-{github}"
TIME = datetime(2026, 11, 20, 18, tzinfo=UTC)


def pushed(repository: str, commit: str) -> datetime | None:
    return TIME if repository == "my-course/work-a" and commit else None


def student(name: str, github: str = "", team: str = "") -> Student:
    return Student(id=name, team=team, ids={"github": github} if github else {})


def test_a_pattern_takes_what_the_roster_says() -> None:
    assert repository_name(student("bob", "bob-x"), PATTERN) == "my-course/work-bob-x"
    assert repository_name(student("bob", team="red"), "my-course/{team}.{student}") == "my-course/red.bob"
    assert repository_name(student("bob"), PATTERN) == ""
    with pytest.raises(UsageError, match="one repository for everybody"):
        repository_name(student("bob", "bob-x"), "my-course/work")


@pytest.mark.parametrize("login", ["../x", "a/b", "a b", "-u$(x)", "x\ny", "é"])
def test_a_login_that_leads_elsewhere_is_refused(login: str) -> None:
    with pytest.raises(UsageError, match="cannot be the name of a repository"):
        repository_name(student("bob", login), PATTERN)
    with pytest.raises(UsageError, match="cannot be the name of a repository"):
        repository_name(student("bob", ".."), "my-course/{github}")


def test_commits_are_found_and_problems_are_those_of_one_student(tmp_path: Path) -> None:
    server = f"file://{tmp_path}"
    commit = bare_repository(tmp_path / "my-course/work-a.git", {"x": "1"})
    bare_repository(tmp_path / "my-course/work-b.git", None)
    students = [student("ann", "a"), student("ben", "b"), student("cid", "c"), student("dan")]
    pins = pin_repositories(students, PATTERN, server, pushed)
    assert pins[0] == Pin("ann", "my-course/work-a", commit, TIME)
    assert pins[1].problem == "the repository `my-course/work-b` has no commit yet"
    assert "`my-course/work-c` cannot be fetched" in pins[2].problem
    assert len(pins) == 3
    write_pins(tmp_path / "list.csv", pins, server)
    assert read_pins(tmp_path / "list.csv", server) == {"ann": Pin("ann", "my-course/work-a", commit)}
    with pytest.raises(UsageError, match=r"line 2: this is no repository of `https://github\.com`"):
        read_pins(tmp_path / "list.csv", "https://github.com")


def test_nobody_has_a_repository() -> None:
    assert pin_repositories([student("ann")], PATTERN, "file:///nowhere", pushed) == []


def test_git_sees_the_token_in_a_file_of_this_account_alone(monkeypatch: pytest.MonkeyPatch) -> None:

    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/before")
    with git_access("https://github.com", "to-ken"):
        file = Path(os.environ["GIT_CONFIG_GLOBAL"])
        assert file.stat().st_mode & 0o777 == 0o600
        assert file.read_text(encoding="utf-8").startswith('[http "https://github.com/"]\n')
    assert not file.exists()
    assert os.environ["GIT_CONFIG_GLOBAL"] == "/before"
    with git_access("https://github.com", ""):
        assert os.environ["GIT_CONFIG_GLOBAL"] == "/before"
