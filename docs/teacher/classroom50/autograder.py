"""The `autograder.py` of an assignment in Classroom 50: the public checks of Proctor, and `result.json` for the runner.

docs/teacher/classroom50.md says where it goes. It needs nothing but Python 3.11 or newer and, beside it, a folder
`course` with a released course: the tree that students are given, as it was given to them.

Theory of operation. The runner starts this file in the checkout of a student and reads `result.json` from there, but
only if it ends with 0; otherwise it publishes an error, which has no points and blames nobody. So the result is put in
its place as the very last thing, and whatever goes wrong before ends with another code.

Nothing of the checkout is run by this process or imported into it: the course beside this file grades, started in its
own folder, and reads the files that the exercises declare. The job holds a token that may write to the student's
repository; what is started here gets the variables that it needs, and no other. What is printed of others' output can
command no build server.

The rules are those of https://github.com/foundation50/classroom50, cli/gh-teacher/skeleton/dotgithub/scripts/runner.py
at 0c49903 and wiki/Advanced-Autograding.md at 0b4bcc0.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

__all__ = ["Fault", "exercises_of", "harmless", "main", "needed"]

VENV_SECONDS = 60
INSTALL_SECONDS = 300
GRADE_SECONDS = 420
REPORT_SECONDS = 60
"""Together they are less than the 15 minutes that the job has: a job that is cut off publishes nothing."""

OUR_FAULT = 3
GRADED = (0, 1)
"""How `proctor grade` ends when it has decided: all points, or points lost."""

MOST_SHOWN = 20_000
_OF_THE_MACHINE = {"PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "RUNNER_TEMP", "NO_PROXY"}
_OF_REGISTRIES = ("PIP_", "SSL_", "HTTP_", "HTTPS_")
_OF_THE_RUNNER = {
    "CLASSROOM", "ASSIGNMENT", "ASSIGNMENT_TYPE", "OWNER", "USERNAME", "SUBMISSION_TAG", "COMMIT_URL", "RELEASE_URL",
    "REVIEW_URL",
}  # fmt: skip
"""Whose work it is: `proctor report` reads it."""


class Fault(Exception):
    """Nothing was decided, and the student is not to blame."""


def main() -> int:
    """Grade the checkout in which this runs. Return 0 once `result.json` is there, and 3 if it cannot be."""
    checkout = Path.cwd()
    bundle = Path(os.environ.get("CLASSROOM50_BUNDLE_DIR") or Path(__file__).parent)
    try:
        with tempfile.TemporaryDirectory(prefix="proctor-") as name:
            result = grade(checkout, bundle / "course", Path(name))
            put(result, checkout / "result.json")
    except Fault as fault:
        say(f"not graded, and no points are lost: {fault}")
        return OUR_FAULT
    return 0


def grade(checkout: Path, course: Path, place: Path) -> str:
    """Return the result of the work in ``checkout``; ``place`` is an empty folder. Raises Fault."""
    if not (course / "graders" / "manifest.json").is_file():
        raise Fault(f"`{course}` is no released course: copy what `nox -s release` has written")
    proctor = proctor_of(course, place)
    report, result = place / "report.json", place / "result.json"
    words = [*exercises_of(course, os.environ.get("ASSIGNMENT", ""))]
    words += ["--submission", str(work_in(checkout, place)), "--json", str(report)]
    run([proctor, "grade", *words], course, GRADE_SECONDS, GRADED)
    run([proctor, "report", "classroom50", str(report), "--out", str(result)], course, REPORT_SECONDS)
    return result.read_text(encoding="utf-8")


def exercises_of(course: Path, assignment: str) -> list[str]:
    """Return what an assignment grades: the exercise that is called so or, with another name, all of the course."""
    names = [file.parent.name for file in (course / "exercises").glob("*/exercise.toml")]
    return [assignment] if assignment in names else []


def work_in(checkout: Path, place: Path) -> Path:
    """Return the folder with the exercises of a student; an empty one where there is none, so that all is missing."""
    work = checkout / "exercises"
    if work.is_dir() and not work.is_symlink():
        return work
    nothing = place / "nothing"
    nothing.mkdir()
    return nothing


def proctor_of(course: Path, place: Path) -> str:
    """Return the `proctor` command; install the course where this Python does not have it. Raises Fault."""
    here = Path(sys.executable).with_name("proctor")
    if here.is_file():  # an image or a runner of your own
        return str(here)
    environment = place / "environment"
    run([sys.executable, "-I", "-m", "venv", str(environment)], course, VENV_SECONDS)
    pip = [str(environment / "bin" / "python"), "-I", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run([*pip, "--constraint", "requirements.lock", "--editable", "."], course, INSTALL_SECONDS)
    return str(environment / "bin" / "proctor")


def run(command: Sequence[str], folder: Path, seconds: int, expected: Sequence[int] = (0,)) -> None:
    """Run a command; show what it said only if it fails. Raises Fault if it does not end as expected, or in time."""
    try:
        ended = subprocess.run(
            command,
            cwd=folder,
            env=needed(os.environ),
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=seconds,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Fault(f"`{Path(command[0]).name}` did not end well: {type(error).__name__}") from None
    if ended.returncode not in expected:
        say(harmless(ended.stdout.decode("utf-8", "replace")[-MOST_SHOWN:]))
        raise Fault(f"`{Path(command[0]).name} {command[1]}` has ended with {ended.returncode}")


def needed(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that are passed on: no token, no file of the job."""
    kept = _OF_THE_MACHINE | _OF_THE_RUNNER
    return {name: value for name, value in environment.items() if name in kept or name.startswith(_OF_REGISTRIES)}


def harmless(text: str) -> str:
    """Return a text as lines that a log of GitHub shows, and obeys none of."""
    return "\n".join(f"| {line}" for line in text.replace("##[", "## [").splitlines())


def put(text: str, target: Path) -> None:
    """Write a file that is there as a whole or not at all, through no link that a student has left. Raises Fault."""
    try:
        descriptor, draft = tempfile.mkstemp(prefix=".result-", dir=target.parent)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        Path(draft).replace(target)
    except OSError as error:
        raise Fault(f"`{target.name}` cannot be written: {error.strerror}") from None


def say(text: str) -> None:
    """Write to the log of the job."""
    print(text, file=sys.stderr)  # noqa: T201 - the log is all that a teacher sees of it


if __name__ == "__main__":
    sys.exit(main())
