"""Is the course there, is it a clone, and can every exercise in it be read?"""

import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import proctor
from proctor.catalog import CourseFile, Exercise, find_root, load_exercise
from proctor.errors import CourseError, UsageError
from proctor.hostile_text import one_line
from proctor.learner.doctor.finding import Finding, Section, note, ok, problem
from proctor.learner.doctor.system_packages import install
from proctor.released import path_of_released, read_released
from proctor.submission import read_submission
from proctor.toml_file import read_toml, validated

__all__ = ["examine_course", "find_course"]

_COURSE: Final = Path("exercises", "course.toml")
_GIT: Final = {"apt": "git", "dnf": "git", "pacman": "git", "zypper": "git", "apk": "git", "brew": "git"}
_SOURCE: Final = Path(proctor.__file__).resolve().parents[2]
"""The course folder that this code lies in, if it was installed from one."""


def find_course(start: Path) -> Path | None:
    """Return the course folder at or above a folder, or None."""
    try:
        return find_root(start)
    except UsageError:
        return None


def examine_course(start: Path) -> Section:
    """Look for the course at or above a folder, and read it."""
    return Section("Course", _findings(start))


def _findings(start: Path) -> Iterator[Finding]:
    root = find_course(start)
    if root is None:
        yield problem(f"there is no course at or above `{start}`: nothing can be graded here", *_find(start))
        return
    yield ok(f"the course is in `{root}`")
    yield _clone(root)
    yield from _release(root)
    yield from _exercises(root)


def _find(start: Path) -> list[str]:
    """Return the command that brings back the file that makes a folder a course, or that goes to where a course is."""
    for folder in (start, *start.parents):
        if (folder / "exercises").is_dir() and (mends := _restore(folder, folder / _COURSE)):
            return mends
    return [f"cd {shlex.quote(str(_SOURCE))}"] if find_course(_SOURCE) == _SOURCE else []


def _clone(root: Path) -> Finding:
    """Tell what git makes of the course folder."""
    if shutil.which("git") is None:
        return note("`git` is not installed: it fetches a newer course, and brings back what was lost", *install(_GIT))
    git = _git(root, "rev-parse", "--show-toplevel")
    if git.returncode == 0:
        return ok(f"it is in the git clone `{one_line(git.stdout)}`")
    if "dubious ownership" in git.stderr:
        mend = f"git config --global --add safe.directory {shlex.quote(str(root))}"
        return note("git refuses to work here, because the folder belongs to another account", mend)
    return note("it is in no git clone: a newer course has to be fetched by hand")


def _release(root: Path) -> Iterator[Finding]:
    """Tell whether this is a course for students, and what it leaves to the teacher."""
    try:
        released = read_released(root)
    except CourseError as error:
        yield _unreadable(error, root, path_of_released(root))
        return
    if released is not None:
        entries = released.exercises.values()
        checks, points = sum(len(one.public) for one in entries), sum(one.public_points for one in entries)
        hidden, others = sum(one.hidden_checks for one in entries), sum(one.hidden_points for one in entries)
        here = f"{checks} of them, worth {points} points"
        elsewhere = f"{hidden} hidden ones, worth {others} points, are graded by your teacher"
        yield ok(f"it is a released course: public checks only ({here}); {elsewhere}")


def _exercises(root: Path) -> Iterator[Finding]:
    """Read the course as grading would, and go on where grading would stop."""
    path = root / _COURSE
    try:
        chapters = validated(CourseFile, read_toml(path), path).chapters
    except CourseError as error:
        yield _unreadable(error, root, path)
        return
    right = 0
    for slug in (slug for chapter in chapters for slug in chapter.exercises):
        wrong = [*_exercise(root, slug)]
        right += not wrong
        yield from wrong
    yield ok(f"{right} {'exercise' if right == 1 else 'exercises'} can be read")


def _exercise(root: Path, slug: str) -> Iterator[Finding]:
    """Yield what is wrong with one exercise."""
    try:
        exercise = load_exercise(root, slug)
    except CourseError as error:
        yield _unreadable(error, root, root / "exercises" / slug / "exercise.toml")
        return
    if exercise.max_score and not any(exercise.grader.glob("test_*.py")):
        text = f"`{slug}` has no checks: there is no `test_*.py` in `{exercise.grader}`"
        yield problem(text, *_restore(root, exercise.grader))
    lost = [path for path in _files_of_course(exercise) if not os.access(path, os.R_OK)]
    for path in lost:
        yield problem(f"`{slug}` lacks a file of the course: `{path}`", *_restore(root, path))
    wrong = "" if lost else read_submission(exercise, exercise.folder).problem
    if wrong:
        yield problem(f"`{slug}`: {wrong}", f"nox -s reset -- {slug}  # puts the stub back, and keeps a copy of yours")


def _files_of_course(exercise: Exercise) -> list[Path]:
    """Return what lies beside the learner's own files, and without which these cannot be graded."""
    given = [exercise.folder / name for name in exercise.manifest.given]
    return [*given, *(exercise.stub / name for name in exercise.manifest.files)]


def _unreadable(error: CourseError, root: Path, path: Path) -> Finding:
    first, *more = str(error).split("\n")
    return problem(one_line(first), *_restore(root, path), details=tuple(map(one_line, more)))


def _restore(root: Path, path: Path) -> list[str]:
    """Return the command that brings a file of the course back, where git has it."""
    name = str(path.relative_to(root))
    if shutil.which("git") is None or _git(root, "ls-files", "--error-unmatch", name).returncode != 0:
        return []
    return [f"git -C {shlex.quote(str(root))} restore {shlex.quote(name)}  # undoes every change to it"]


def _git(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["git", "-C", str(root), *arguments]
    environment = {**os.environ, "LC_ALL": "C"}  # its words are compared
    return subprocess.run(
        command,
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        env=environment,
    )
