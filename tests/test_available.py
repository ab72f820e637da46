"""An exercise that needs what this machine lacks is not available: that is no failure, and says where to get it."""

from pathlib import Path

import pytest
from tests.toy import DOUBLES, SLUG, check, toy_course

from proctor.catalog import Course, load_course
from proctor.errors import CourseError
from proctor.grade import Task, grade
from proctor.isolation import server_programs
from proctor.isolation.protection import Isolation, Protection, choose
from proctor.isolation.server_programs import ServerProgram, find_server_program
from proctor.learner.doctor.finding import Kind
from proctor.learner.doctor.isolation import examine_isolation
from proctor.scorecard import Status
from proctor.submission import read_submission


def course_with_nginx(root: Path, stage: str = "servers", program: str = "nginx") -> Course:
    """Write a course whose one exercise needs a program."""
    toy_course(root, check("doubles", 100, DOUBLES), stage=stage)
    manifest = root / "exercises" / SLUG / "exercise.toml"
    manifest.write_text(f'programs = ["{program}"]\n{manifest.read_text(encoding="utf-8")}', encoding="utf-8")
    return load_course(root)


@pytest.fixture
def without_servers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Protection:
    """Have no server program installed; return all the protection that this machine offers."""
    protection = choose(Isolation.STRICT)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(server_programs, "_ADMINISTRATORS", ())
    return protection


def test_a_server_is_found_where_ordinary_users_do_not_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "nginx").touch(mode=0o755)
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(server_programs, "_ADMINISTRATORS", (str(tmp_path),))
    assert find_server_program(ServerProgram.NGINX) == tmp_path / "nginx"


def test_without_its_program_an_exercise_is_not_available_and_says_where_to_get_it(
    tmp_path: Path, without_servers: Protection
) -> None:
    exercise = course_with_nginx(tmp_path).exercise(SLUG)
    (card,) = grade([Task(SLUG, read_submission(exercise, exercise.solution))], protection=without_servers)
    assert (card.status, card.score, card.checks) == (Status.UNAVAILABLE, None, ())
    assert card.message == (
        "this exercise starts a real nginx, which is not installed "
        "(Debian and Ubuntu: the package `nginx-light`; Fedora: `nginx-core`)"
    )


def test_with_its_program_it_is_graded(tmp_path: Path) -> None:
    exercise = course_with_nginx(tmp_path).exercise(SLUG)
    (card,) = grade([Task(SLUG, read_submission(exercise, exercise.solution))])
    assert (card.status, card.score) == (Status.GRADED, 100)


@pytest.mark.parametrize(
    ("stage", "program", "told"),
    [
        ("plain", "nginx", 'an exercise with `programs` starts servers: it needs `stage = "servers"`'),
        ("servers", "caddy", "programs.0: Input should be 'nginx'"),
    ],
)
def test_a_manifest_that_asks_for_the_impossible_is_refused(
    stage: str, program: str, told: str, tmp_path: Path
) -> None:
    with pytest.raises(CourseError) as caught:
        course_with_nginx(tmp_path, stage, program)
    assert told in str(caught.value)


def test_the_doctor_says_how_to_install_it(without_servers: Protection) -> None:
    section = examine_isolation(without_servers)
    (found,) = (finding for finding in section.findings if "nginx" in finding.text)
    assert found.kind is Kind.NOTE
    assert found.text == "Exercises that start a real nginx are not available: `nginx` is not installed."
    assert any("apt install nginx-light" in command for command in found.mends)
