"""Everything that this repository does for learners, teachers and maintainers. `nox -l` lists it.

Each session is one thin line over a command; its docstring is the help text.
"""

import hashlib
from pathlib import Path

import nox

nox.needs_version = ">=2026.8.10"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_venv = "yes"
nox.options.error_on_missing_interpreters = True
nox.options.sessions = ["grade"]

ROOT = Path(__file__).parent
PYTHONS = nox.project.python_versions(nox.project.load_toml(ROOT / "pyproject.toml"))


def install(session: nox.Session, *groups: str) -> None:
    """Install Proctor and dependency groups from the lock, unless this environment has exactly that already."""
    wanted = hashlib.sha256()
    for file in (ROOT / "pyproject.toml", ROOT / "requirements.lock"):
        wanted.update(file.read_bytes())
    wanted.update(f"{ROOT} {groups}".encode())
    stamp = Path(session.virtualenv.location) / "proctor-installed"
    if stamp.is_file() and stamp.read_text() == wanted.hexdigest():
        return
    requirements = nox.project.dependency_groups(nox.project.load_toml(ROOT / "pyproject.toml"), *groups)
    session.install("--constraint", "requirements.lock", "--editable", ".", *requirements)
    stamp.write_text(wanted.hexdigest())


@nox.session(tags=["learner", "ci"])
def grade(session: nox.Session) -> None:
    """Grade every exercise and show the board; `nox -s grade -- SLUG...` grades those."""
    install(session)
    session.run("proctor", "grade", *session.posargs)


@nox.session(default=False, tags=["learner", "teacher"])
def doctor(session: nox.Session) -> None:
    """Say what this machine can and cannot protect."""
    install(session)
    session.run("proctor", "doctor", *session.posargs)


@nox.session(tags=["dev", "ci"])
def tests(session: nox.Session) -> None:
    """Run the project's own tests on the Python that runs nox."""
    install(session, "tests")
    session.run("pytest", *session.posargs)


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
    session.run("pytest", *session.posargs)


@nox.session(default=False, tags=["dev"])
def stress(session: nox.Session) -> None:
    """Grade attacks in a row, with every layer: does one gain anything, is anything left behind?"""
    install(session, "tests")
    session.run("python", "-m", "tests.stress", *session.posargs)


@nox.session(default=False, tags=["dev"])
def bench(session: nox.Session) -> None:
    """Compare Proctor with plain pytest and with the floor under both; `nox -s bench -- --rounds 3 --only one`."""
    install(session, "bench")
    session.run("python", "-m", "tests.bench.bench", *session.posargs)


@nox.session(tags=["dev", "ci"])
def lint(session: nox.Session) -> None:
    """Check style and types of everything that is meant to be right."""
    install(session, "lint")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("basedpyright")


if __name__ == "__main__":
    nox.main()
