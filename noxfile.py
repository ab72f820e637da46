"""Everything that this repository does for learners, teachers and maintainers. `nox -l` lists it.

Each session is one thin line over a command; its docstring is the help text.
"""

import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path

import nox

nox.needs_version = ">=2026.8.10"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_venv = "yes"
nox.options.error_on_missing_interpreters = True
nox.options.sessions = ["grade"]

ROOT = Path(__file__).parent
FOR_TEACHERS = "cluster,similarity"
"""The extras of `pyproject.toml` in the one environment of teachers."""
ON_ALL_PROCESSORS = ("--numprocesses", "auto", "--dist", "loadfile")
"""How tests are run; a file stays together, because its tests share what is costly to make."""

PYTHONS = nox.project.python_versions(nox.project.load_toml(ROOT / "pyproject.toml"))


def install(session: nox.Session, *groups: str, extra: str = "") -> None:
    """Install Proctor and dependency groups from the lock, unless this environment has exactly that already."""
    location = Path(session.virtualenv.location)
    if is_installed(location, *groups, extra):
        return
    requirements = nox.project.dependency_groups(nox.project.load_toml(ROOT / "pyproject.toml"), *groups)
    compiled = {"UV_COMPILE_BYTECODE": "1"}  # pip compiles by itself; the processes that grade write no bytecode
    itself = f".[{extra}]" if extra else "."
    session.install("--constraint", "requirements.lock", "--editable", itself, *requirements, env=compiled)
    stamp(location).write_text(wanted(*groups, extra))


def wanted(*parts: str) -> str:
    """Say what an environment with these dependency groups, and an extra, is made of."""
    digest = hashlib.sha256(f"{ROOT} {' '.join(filter(None, parts))}".encode())
    for file in (ROOT / "pyproject.toml", ROOT / "requirements.lock"):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def stamp(location: Path) -> Path:
    """Name the file in which an environment says what it is made of."""
    return location / "proctor-installed"


def is_installed(location: Path, *parts: str) -> bool:
    """Tell whether an environment has exactly what it should have."""
    return stamp(location).is_file() and stamp(location).read_text() == wanted(*parts)


def beside_grade(session: nox.Session, command: str, *, success_codes: Sequence[int] = (0,)) -> None:
    """Run a command of Proctor in the environment of `grade`, so that a learner waits for one environment only."""
    run_in(session, "grade", "", command, success_codes)


def beside_classroom(session: nox.Session, command: str) -> None:
    """Run a command of Proctor in the environment of `classroom`, so that a teacher waits for one environment only."""
    run_in(session, "classroom", FOR_TEACHERS, command)


def run_in(session: nox.Session, owner: str, extra: str, command: str, success_codes: Sequence[int] = (0,)) -> None:
    """Run a command of Proctor in the environment of another session, which is made where it is missing.

    Ctrl-C is left to the command: one that serves or debugs has something to put away first.
    """
    location = Path(session.cache_dir).parent / owner
    if not is_installed(location, extra):
        session.run(sys.executable, "-m", "nox", "--install-only", "--session", owner, external=True)
    proctor = location / ("Scripts" if sys.platform == "win32" else "bin") / "proctor"
    arguments = [str(proctor), command, *session.posargs]
    session.run(*arguments, external=True, interrupt_timeout=None, terminate_timeout=None, success_codes=success_codes)


@nox.session(tags=["learner", "ci"])
def grade(session: nox.Session) -> None:
    """Grade every exercise and show the board; `nox -s grade -- SLUG...` grades those."""
    install(session)
    session.run("proctor", "grade", *session.posargs)


@nox.session(venv_backend="none", default=False, tags=["learner"])
def watch(session: nox.Session) -> None:
    """Grade on save the exercise that was saved; keys for hints, the list, the next one."""
    beside_grade(session, "watch")


@nox.session(venv_backend="none", default=False, tags=["learner"])
def hint(session: nox.Session) -> None:
    """Show one hint more: `nox -s hint -- SLUG`."""
    beside_grade(session, "hint")


@nox.session(venv_backend="none", default=False, tags=["learner"])
def solution(session: nox.Session) -> None:
    """Show right answers once you have all points: `nox -s solution -- SLUG`."""
    beside_grade(session, "solution")


@nox.session(venv_backend="none", default=False, tags=["learner"])
def reset(session: nox.Session) -> None:
    """Put the stub back, and keep a copy of your work: `nox -s reset -- SLUG`."""
    beside_grade(session, "reset")


@nox.session(venv_backend="none", default=False, tags=["learner"])
def serve(session: nox.Session) -> None:
    """Serve an exercise with stand-ins, to try it with curl or a browser: `nox -s serve -- SLUG`."""
    beside_grade(session, "serve")


@nox.session(venv_backend="none", default=False, tags=["learner"])
def debug(session: nox.Session) -> None:
    """Run one check with a debugger in your code: `nox -s debug -- SLUG CHECK`."""
    beside_grade(session, "debug", success_codes=[0, 1, 130])  # whatever the verdict, and when the debugger is left


@nox.session(venv_backend="none", default=False, tags=["learner"])
def update(session: nox.Session) -> None:
    """Bring the newest course into this clone, and leave your work as it is."""
    beside_grade(session, "update")


@nox.session(venv_backend="none", default=False, tags=["learner", "teacher"])
def doctor(session: nox.Session) -> None:
    """Say what is wrong with this machine, and what mends it."""
    beside_grade(session, "doctor")


@nox.session(default=False, tags=["teacher", "ci"])
def classroom(session: nox.Session) -> None:
    """Grade a class into a gradebook: `nox -s classroom -- SUBMISSIONS --roster roster.csv`."""
    install(session, extra=FOR_TEACHERS)
    session.run("proctor", "classroom", *session.posargs)


@nox.session(default=False, tags=["ci"])
def actions(session: nox.Session) -> None:
    """Do what a job of the grading workflow does: `nox -s actions -- plan`, `fetch`, `prepare`, `grade`, ..."""
    install(session)
    session.run("proctor", "actions", *session.posargs)


@nox.session(venv_backend="none", default=False, tags=["teacher"])
def release(session: nox.Session) -> None:
    """Make what students are given, without answers and hidden checks: `nox -s release -- ../students`."""
    beside_classroom(session, "release")


@nox.session(venv_backend="none", default=False, tags=["teacher"])
def reveal(session: nox.Session) -> None:
    """After the deadline, publish the hidden checks with the proof that they are those of the release."""
    beside_classroom(session, "reveal")


@nox.session(venv_backend="none", default=False, tags=["teacher"])
def gradebook(session: nox.Session) -> None:
    """Read and change grades: `nox -s gradebook -- show`, `override`, `extend`, `excuse`, `merge`, `export`, ..."""
    beside_classroom(session, "gradebook")


@nox.session(venv_backend="none", default=False, tags=["teacher", "ci"])
def report(session: nox.Session) -> None:
    """Write reports in the formats of other systems, and pages: `nox -s report -- class-page --out class.html`."""
    is_about_one = any(word.endswith(".json") for word in session.posargs[1:2])  # of a `grade` that has run here
    (beside_grade if is_about_one else beside_classroom)(session, "report")


@nox.session(tags=["dev", "ci"])
def tests(session: nox.Session) -> None:
    """Run the project's own tests on the Python that runs nox, on all processors."""
    install(session, "tests")
    session.run("pytest", *ON_ALL_PROCESSORS, *session.posargs)


@nox.session(default=False, tags=["teacher", "dev", "ci"])
def verify(session: nox.Session) -> None:
    """Prove the graders, mutants included; `nox -s verify -- --repeat 20 --burn` looks for unstable checks."""
    install(session, "lint")
    session.run("proctor", "verify", *session.posargs)


@nox.session(default=False, tags=["teacher", "dev"])
def new(session: nox.Session) -> None:
    """Begin an exercise: `nox -s new -- SLUG --title "What it is called"`."""
    install(session, "author")
    session.run("proctor", "new", *session.posargs)


@nox.session(default=False, tags=["dev"])
@nox.parametrize("resolution", ["lowest-direct", "highest"], ids=["oldest", "newest"])
def versions(session: nox.Session, resolution: str) -> None:
    """Verify the course with the oldest and the newest packages that pyproject.toml allows."""
    if session.venv_backend != "uv":
        session.error("only uv can choose the oldest packages: `python -m pip install uv`, then `nox -R -s versions`")
    project = nox.project.load_toml(ROOT / "pyproject.toml")
    tests, tools = (nox.project.dependency_groups(project, group) for group in ("tests", "tools"))
    session.install("--upgrade", "--resolution", resolution, "--editable", ".", *tests)
    session.install("--constraint", "requirements.lock", *tools)  # it is not about their versions
    session.run("uv", "pip", "list", "--quiet", external=True)
    session.run("pytest", "tests/facts")
    session.run("proctor", "verify", "--no-mutants", "--again", *session.posargs)


@nox.session(python=PYTHONS, default=False, tags=["dev"])
def matrix(session: nox.Session) -> None:
    """Run the project's own tests on every supported Python; all of them have to be there."""
    install(session, "tests")
    session.run("pytest", *ON_ALL_PROCESSORS, *session.posargs)


@nox.session(default=False, tags=["dev"])
def stress(session: nox.Session) -> None:
    """Grade attacks in a row, with every layer: does one gain anything, is anything left behind?"""
    install(session, "tests")
    session.run("python", "-m", "tests.stress", *session.posargs)


@nox.session(default=False, tags=["dev"])
def classes(session: nox.Session) -> None:
    """Grade a generated class in every way there is, kills included, and compare the gradebooks."""
    install(session, "tests")
    session.run("python", "-m", "tests.great_class", *session.posargs)


@nox.session(default=False, tags=["dev"])
def bench(session: nox.Session) -> None:
    """Compare Proctor with plain pytest and with the floor under both; `nox -s bench -- --rounds 3 --only one`."""
    install(session, "bench")
    session.run("python", "-m", "tests.bench.bench", *session.posargs)


@nox.session(default=False, tags=["dev"])
def consumers(session: nox.Session) -> None:
    """Feed our reports to the programs that read them: `nox -s consumers -- DIR`, with clones of these in it."""
    install(session, "lint")  # brings the Node that most of them run on
    session.install("junitparser>=5,<6", "lxml>=6,<7")  # what the one in Python needs
    session.run("python", "-m", "tests.consumers.run", *session.posargs)


@nox.session(default=False, tags=["dev", "ci"])
def workflows(session: nox.Session) -> None:
    """Lint our workflows, and run the one that grades a class, without GitHub."""
    install(session, "lint", "workflows")
    session.run("python", "-m", "tests.workflows.run", *session.posargs)


@nox.session(tags=["dev", "ci"])
def lint(session: nox.Session) -> None:
    """Check style and types of everything that is meant to be right."""
    install(session, "lint")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("basedpyright")


if __name__ == "__main__":
    nox.main()
