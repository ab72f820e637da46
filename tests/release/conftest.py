"""One release for all tests that look at one."""

import pytest
from tests.release.release_world import REFERENCE_LINES, SLUG, Release, make_course, release_course


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """Return a course that was released into an empty folder. Tests change copies of it.

    Its teacher has tried the exercise in the learner's place.
    """
    folder = tmp_path_factory.mktemp("release")
    course = make_course(folder / "course")
    (course.exercise(SLUG).folder / "main.py").write_text("\n".join(REFERENCE_LINES), encoding="utf-8")
    (folder / "students").mkdir()
    return release_course(course, folder / "students")
