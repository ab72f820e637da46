"""What the doctor finds, and that the command which it advises does mend what was wrong."""

import fcntl
import io
import os
import pty
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
from collections.abc import Generator, Mapping
from contextlib import contextmanager, redirect_stdout
from itertools import islice
from pathlib import Path
from typing import TextIO

import pytest
from rich.console import Console
from tests.learner.test_dev_container import sessions
from tests.toy import MANIFEST, SLUG, STUB, WHOLE, toy_course

from proctor.checks.theatre import Theatre
from proctor.errors import StageLost
from proctor.isolation import bubblewrap, seccomp
from proctor.isolation.layers import LAYERS, Layer
from proctor.isolation.protection import Isolation, Protection, choose
from proctor.learner.doctor import Finding, Kind, Section, examine, examine_isolation, progress, show, to_lines
from proctor.learner.doctor import isolation as isolation_section
from proctor.learner.doctor.course import examine_course
from proctor.learner.doctor.environment import examine_environment
from proctor.learner.doctor.finding import note, ok, problem
from proctor.learner.doctor.progress import examine_progress
from proctor.learner.doctor.python import examine_python
from proctor.learner.doctor.system_packages import install
from proctor.learner.doctor.terminal import examine_terminal
from proctor.learner.doctor.watching import examine_watching

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the layers are Linux's")

OPTIONAL = [layer for layer in Layer if layer not in {Layer.PROCESS, Layer.CLEAN_ROOM}]
SUDO = "" if os.geteuid() == 0 else "sudo "
NOBODY = 65534


def found(section: Section, kind: Kind) -> list[Finding]:
    return [finding for finding in section.findings if finding.kind is kind]


def wrong(section: Section) -> Finding:
    """Return the one problem of a section."""
    (finding,) = found(section, Kind.PROBLEM)
    return finding


def obey(finding: Finding) -> None:
    """Run the first command that a finding advises."""
    subprocess.run(["sh", "-ec", finding.mends[0]], check=True, capture_output=True)


def printed(*findings: Finding, **options: int | bool) -> tuple[int, str]:
    out = io.StringIO()
    console = Console(file=out, highlight=False, legacy_windows=False, **options)  # pyright: ignore[reportArgumentType] - width and force_terminal
    return show([Section("Things", iter(findings))], console), out.getvalue()


# The whole of it


def test_it_goes_through_everything_and_a_sound_machine_has_no_problem(tmp_path: Path) -> None:
    toy_course(tmp_path, WHOLE)
    out = io.StringIO()
    code = show(examine(tmp_path / "exercises", choose(Isolation.AUTO)), Console(file=out, highlight=False))
    titles = [line for line in out.getvalue().splitlines() if line and not line.startswith(" ")]
    assert titles[:-2] == ["Python", "Environment", "Course", "Terminal", "File events", "Progress"]
    assert titles[-2].startswith("Isolation of submissions here (Linux ")
    assert titles[-1].startswith("Nothing hinders you here (")
    assert code == 0
    assert {path.name for path in tmp_path.iterdir()} == {"exercises", "solutions", "graders"}
    assert {path.name for path in (tmp_path / "exercises").iterdir()} == {"course.toml", SLUG}


def test_where_no_course_is_the_rest_is_looked_at_all_the_same(tmp_path: Path) -> None:
    sections = [section.title.split(" ")[0] for section in examine(tmp_path, choose(Isolation.AUTO))]
    assert sections == ["Python", "Environment", "Course", "Terminal", "Isolation"]


def test_a_layer_that_does_not_hold_ends_it_after_all_else_was_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_theatre: Theatre) -> None:
        raise StageLost("the layers files do not hold")

    monkeypatch.setattr(Theatre, "wait", fail)
    toy_course(tmp_path, WHOLE)
    out = io.StringIO()
    with pytest.raises(StageLost, match=r"a layer is there and does not work: the layers files do not hold"):
        show(examine(tmp_path, choose(Isolation.AUTO)), Console(file=out))
    assert "Progress" in out.getvalue()
    assert LAYERS[Layer.VIEW].holds in out.getvalue().replace("\n", " ")


def test_every_session_that_it_names_exists() -> None:
    folder = Path(isolation_section.__file__).parent
    text = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    assert {*re.findall(r"\bnox -s ([\w-]+)", text)} <= sessions()


# What it prints


def test_a_log_has_words_and_what_mends_it() -> None:
    code, text = printed(ok("fine"), note("so so", "do this", details=("why: because",)), problem("bad", "do that"))
    assert code == 1
    assert text == (
        "Things\n"
        "  ok       fine\n"
        "  note     so so\n"
        "           why: because\n"
        "           mend: do this\n"
        "  problem  bad\n"
        "           mend: do that\n"
        "\n"
        "1 problem and 1 note: what stands behind `mend:` is a command.\n"
    )


def test_a_note_is_no_reason_to_fail() -> None:
    assert printed(ok("fine"), note("so so"), note("hm"))[0] == 0


def test_on_a_narrow_terminal_text_is_broken_and_a_command_is_not() -> None:
    command = "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"
    _, text = printed(problem("many words " * 6, command), width=40, force_terminal=True)
    assert command in text
    assert "\x1b[1;31mproblem" in text
    assert all(len(re.sub(r"\x1b\[[0-9;]*m", "", line)) <= 40 for line in text.splitlines() if "mend" not in line)


def test_who_wants_no_colour_gets_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in printed(problem("bad", "do that"), force_terminal=True)[1]


def test_an_output_without_a_character_gets_it_spelled() -> None:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="ascii")
    show([Section("Things", iter([ok("in `/home/zoë`")]))], Console(file=out, highlight=False))
    out.flush()
    assert b"  ok       in `/home/zo\\xeb`" in raw.getvalue()


# Isolation


@pytest.mark.parametrize("layer", OPTIONAL)
def test_it_names_every_layer_and_what_is_open_without_it(layer: Layer) -> None:
    findings = "\n".join(to_lines(examine_isolation(choose(Isolation.AUTO, [layer]))))
    assert all(text.holds in findings for text in LAYERS.values())
    assert f"  note     NO   {layer}" in findings
    assert f"           so {LAYERS[layer].without}" in findings
    assert "was tried and holds" in findings
    assert "problem" not in findings
    assert "mend:" not in findings  # it is as somebody wanted it


def test_with_every_layer_strict_is_possible() -> None:
    section = examine_isolation(choose(Isolation.STRICT))
    assert re.fullmatch(
        r"Isolation of submissions here \(Linux .+, Python 3\..+, (root|an ordinary user)\)", section.title
    )
    findings = [*section.findings]
    assert {finding.kind for finding in findings} == {Kind.OK}
    assert "`--isolation strict` is possible" in findings[-1].text


def without(layer: Layer, reason: str) -> Finding:
    """Return what is found of a layer that is missing for this reason."""
    protection = Protection(tuple(one for one in Layer if one is not layer), forks=True, missing={layer: reason})
    layers = islice(examine_isolation(protection).findings, len(Layer))
    (finding,) = (finding for finding in layers if finding.kind is Kind.NOTE)
    return finding


def view_missing(path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return why the private view is missing where programs are looked for in this folder alone."""
    monkeypatch.setenv("PATH", str(path))
    bubblewrap.find_view.cache_clear()
    try:
        return bubblewrap.find_view().missing
    finally:
        bubblewrap.find_view.cache_clear()


def program(path: Path, script: str = "exit 0") -> None:
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def test_without_bubblewrap_the_package_manager_that_is_here_brings_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path / "dnf")
    reason = view_missing(tmp_path, monkeypatch)
    assert without(Layer.VIEW, reason).mends == (f"{SUDO}dnf install bubblewrap  # Fedora",)
    (tmp_path / "dnf").rename(tmp_path / "apt")
    (mend,) = without(Layer.VIEW, reason).mends
    assert mend == f"{SUDO}apt update && {SUDO}apt install bubblewrap  # Debian, Ubuntu"


def test_without_a_known_package_manager_all_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert install({"apt": "git", "brew": "git"}) == [
        f"{SUDO}apt update && {SUDO}apt install git  # Debian, Ubuntu",
        "brew install git  # Homebrew",
    ]


def test_without_libseccomp_its_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seccomp, "_LIBRARY", "libseccomp-of-another-planet.so")
    program(tmp_path / "apt")
    monkeypatch.setenv("PATH", str(tmp_path))
    (mend,) = without(Layer.SYSTEM_CALLS, seccomp.why_missing()).mends
    assert mend.endswith("apt install libseccomp2  # Debian, Ubuntu")


def test_where_namespaces_are_forbidden_the_setting_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path / "bwrap", "echo 'bwrap: setting up uid map: Permission denied' >&2; exit 1")
    (tmp_path / "restricted").write_text("1\n", encoding="utf-8")
    monkeypatch.setattr(bubblewrap, "_RESTRICTED", tmp_path / "restricted")
    reason = view_missing(tmp_path, monkeypatch)
    name = "kernel.apparmor_restrict_unprivileged_userns"
    monkeypatch.setattr(isolation_section, "_CONTAINERS", ())
    assert without(Layer.VIEW, reason).mends == (
        f"sudo sysctl -w {name}=0  # until this machine is started again",
        f"echo '{name} = 0' | sudo tee /etc/sysctl.d/60-proctor.conf  # and from then on",
    )
    monkeypatch.setattr(isolation_section, "_CONTAINERS", (tmp_path,))
    container, setting = without(Layer.VIEW, reason).mends
    assert container.startswith("docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined ")
    assert setting == f"sudo sysctl -w {name}=0  # on the machine that runs the container"


# Python and its packages


def project(root: Path, pythons: str = ">=3.11", tried: str = "3", dependencies: str = "") -> Path:
    """Write what a course folder asks for."""
    (root / "pyproject.toml").write_text(
        f'[project]\nname = "proctor"\nrequires-python = "{pythons}"\n'
        f'classifiers = ["Programming Language :: Python :: {tried}"]\ndependencies = [{dependencies}]\n',
        encoding="utf-8",
    )
    return root


def test_this_python_is_supported() -> None:
    assert not found(examine_python(Path(__file__).parents[2]), Kind.PROBLEM)
    assert not found(examine_python(None), Kind.PROBLEM)


def test_a_python_that_is_too_old_is_a_problem_and_one_that_was_not_tried_a_note(tmp_path: Path) -> None:
    finding = wrong(examine_python(project(tmp_path, ">=3.99", "3.99")))
    assert finding.text.endswith("is not supported, which is >=3.99")
    assert finding.mends[0].startswith("uvx --python 3.99 nox ")
    (untried,) = found(examine_python(project(tmp_path, ">=3.11", "3.10")), Kind.NOTE)
    assert untried.text.endswith("Proctor was tried on 3.10")


def test_packages_are_compared_with_what_the_course_folder_asks_for(tmp_path: Path) -> None:
    wanted = '"no-such-thing>=2", "rich>=999", "pytest>=9", "never; sys_platform == \'plan9\'"'
    missing, old = found(examine_environment(project(tmp_path, dependencies=wanted)), Kind.PROBLEM)
    assert missing.text == f"the package `no-such-thing` is missing in `{sys.prefix}`"
    assert missing.mends[0].endswith(" 'no-such-thing>=2'")
    assert "`pyproject.toml` asks for >=999" in old.text
    assert old.mends[0].endswith(" 'rich>=999'")


def test_the_environment_of_another_session_is_looked_at_too_and_made_anew(tmp_path: Path) -> None:
    session = tmp_path / ".nox" / "grade"
    package = session / "lib" / "python3.12" / "site-packages" / "No_Such.Thing-1.0.dist-info"
    package.mkdir(parents=True)
    (session / "proctor-installed").touch()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: No_Such.Thing\nVersion: 1.0\n", encoding="utf-8")
    project(tmp_path, dependencies='"no-such-thing>=2"')
    here, there = found(examine_environment(tmp_path), Kind.PROBLEM)
    assert f"missing in `{sys.prefix}`" in here.text
    assert there.text == f"`no-such-thing` is 1.0 in `{session}`, and `pyproject.toml` asks for >=2"
    obey(there)
    assert not session.exists()
    assert len(found(examine_environment(tmp_path), Kind.PROBLEM)) == 1


def test_a_proctor_from_elsewhere_is_a_problem(tmp_path: Path) -> None:
    assert not found(examine_environment(tmp_path), Kind.PROBLEM)  # a course without the source of its grader
    (tmp_path / "src" / "proctor").mkdir(parents=True)
    finding = wrong(examine_environment(tmp_path))
    assert finding.text.startswith("Proctor runs from `")
    assert finding.mends[0].endswith(f" --editable {tmp_path}")


# The course


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course in a git clone, in a world in which nothing is set up for git."""
    root = tmp_path / "course"
    toy_course(root, WHOLE)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    identity = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.org"]
    for command in (["init", "--quiet"], ["add", "--all"], [*identity, "commit", "--quiet", "--message", "The course"]):
        subprocess.run(["git", "-C", str(root), *command], check=True)
    return root


def test_a_course_in_a_clone_is_as_it_should_be(clone: Path) -> None:
    assert [finding.text for finding in examine_course(clone / "exercises" / SLUG).findings] == [
        f"the course is in `{clone}`",
        f"it is in the git clone `{clone}`",
        "1 exercise can be read",
    ]


def test_where_no_course_is_it_says_where_one_is(tmp_path: Path) -> None:
    finding = wrong(examine_course(tmp_path))
    assert finding.text.startswith(f"there is no course at or above `{tmp_path}`")
    assert finding.mends == (f"cd {Path(__file__).parents[2]}",)


@pytest.mark.parametrize(
    "name",
    [
        "exercises/course.toml",
        f"exercises/{SLUG}/exercise.toml",
        f"exercises/{SLUG}/.stub/main.py",
        f"exercises/{SLUG}/desk.py",
        f"graders/{SLUG}/test_toy.py",
    ],
)
def test_a_file_of_the_course_that_is_lost_comes_back_and_work_is_untouched(name: str, clone: Path) -> None:
    manifest = MANIFEST.format(stage="plain").replace('files = ["main.py"]', 'files = ["main.py"]\ngiven = ["desk.py"]')
    (clone / "exercises" / SLUG / "exercise.toml").write_text(manifest, encoding="utf-8")
    (clone / "exercises" / SLUG / "desk.py").touch()
    subprocess.run(["git", "-C", str(clone), "add", "--all"], check=True)
    work = clone / "exercises" / SLUG / "main.py"
    work.write_text(STUB + "# mine\n", encoding="utf-8")
    assert not found(examine_course(clone), Kind.PROBLEM)
    (clone / name).unlink()
    finding = wrong(examine_course(clone))
    obey(finding)
    assert not found(examine_course(clone), Kind.PROBLEM)
    assert work.read_text(encoding="utf-8").endswith("# mine\n")


def test_what_git_does_not_have_cannot_be_brought_back_by_it(clone: Path) -> None:
    (clone / "exercises" / SLUG / "exercise.toml").write_text('title = "Toy"\n', encoding="utf-8")
    subprocess.run(["git", "-C", str(clone), "rm", "--cached", "-r", "--quiet", "exercises"], check=True)
    finding = wrong(examine_course(clone))
    assert finding.text.endswith("exercise.toml` is not as it should be:")
    assert "summary: Field required" in finding.details
    assert finding.mends == ()


@pytest.mark.parametrize(("content", "told"), [(None, "main.py is missing"), (b" \n", "main.py is empty")])
def test_work_that_cannot_be_read_can_be_begun_anew(content: bytes | None, told: str, clone: Path) -> None:
    work = clone / "exercises" / SLUG / "main.py"
    work.unlink()
    if content is not None:
        work.write_bytes(content)
    finding = wrong(examine_course(clone))
    assert finding.text == f"`{SLUG}`: {told}"
    assert finding.mends[0].startswith(f"nox -s reset -- {SLUG} ")


def test_a_course_in_no_clone_is_worth_a_note(tmp_path: Path) -> None:
    toy_course(tmp_path, WHOLE)
    (finding,) = found(examine_course(tmp_path), Kind.NOTE)
    assert finding.text == "it is in no git clone: a newer course has to be fetched by hand"


def test_a_machine_without_git_is_worth_a_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    toy_course(tmp_path, WHOLE)
    program(tmp_path / "apk")
    monkeypatch.setenv("PATH", str(tmp_path))
    (finding,) = found(examine_course(tmp_path), Kind.NOTE)
    assert finding.mends == (f"{SUDO}apk add git  # Alpine",)


def test_a_clone_of_another_account_can_be_trusted(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")  # as git's own tests have it
    (finding,) = found(examine_course(clone), Kind.NOTE)
    assert "belongs to another account" in finding.text
    obey(finding)
    assert not found(examine_course(clone), Kind.NOTE)


# The terminal


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Generator[TextIO]:
    """A terminal of a good kind; its size is still to be set."""
    control, screen = pty.openpty()
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    with open(screen, "w", encoding="utf-8") as out:  # noqa: PTH123 - a descriptor, and no path
        yield out
    os.close(control)


def of_size(terminal: TextIO, columns: int, lines: int) -> list[Finding]:
    """Give a terminal a size and return what is found by who writes to it."""
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    return writing_to(terminal)


def writing_to(terminal: TextIO) -> list[Finding]:
    with redirect_stdout(terminal):
        return [*examine_terminal().findings]


def test_a_good_terminal_gives_no_reason_to_complain(terminal: TextIO) -> None:
    findings = of_size(terminal, 100, 40)
    assert {finding.kind for finding in findings} == {Kind.OK}
    assert findings[2].text == "the terminal has 100 columns and 40 lines"
    assert findings[3].text.startswith("the output has colours (`TERM=xterm-256color`)")


@pytest.mark.parametrize(("columns", "lines"), [(79, 40), (100, 23)])
def test_a_small_terminal_is_worth_a_note(columns: int, lines: int, terminal: TextIO) -> None:
    (finding,) = (one for one in of_size(terminal, columns, lines) if one.kind is Kind.NOTE)
    assert finding.text.startswith(f"the terminal has {columns} columns and {lines} lines: ")


def test_a_terminal_that_does_not_know_its_size_can_be_told(terminal: TextIO) -> None:
    (finding,) = (one for one in of_size(terminal, 0, 0) if one.kind is Kind.NOTE)
    assert finding.mends == ("stty columns 80 rows 24",)
    subprocess.run(["sh", "-c", finding.mends[0]], check=True, stdin=terminal)
    assert {one.kind for one in writing_to(terminal)} == {Kind.OK}


@pytest.mark.parametrize("kind", ["dumb", "unknown", ""])
def test_a_terminal_that_can_only_print_is_worth_a_note(
    kind: str, terminal: TextIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", kind)
    (finding,) = (one for one in of_size(terminal, 80, 24) if one.kind is Kind.NOTE)
    assert f"can do nothing but print (`TERM={kind}`)" in finding.text
    assert finding.mends[0].startswith("export TERM=xterm-256color")


def test_no_colour_is_a_wish_and_no_fault(terminal: TextIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert of_size(terminal, 80, 24)[-1] == ok("the output is plain text without colours, as `NO_COLOR` asks for")


TERMINAL = """
from proctor.learner.doctor import to_lines
from proctor.learner.doctor.terminal import examine_terminal
print(*to_lines(examine_terminal()), sep="\\n")
"""


def in_a_pipe(changes: Mapping[str, str]) -> str:
    """Return what is found by a process that writes to a pipe, in another environment."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LC_", "LANG"))}
    command = [sys.executable, "-P", "-c", TERMINAL]
    return subprocess.run(command, check=True, capture_output=True, text=True, env={**environment, **changes}).stdout


ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


def test_an_output_that_is_not_utf8_is_a_problem_until_its_mend_is_obeyed() -> None:
    text = in_a_pipe(ASCII)
    assert "problem  the output is ascii and not UTF-8" in text
    assert "ok       the output goes to a file or a pipe" in text
    assert "mend: export PYTHONUTF8=1" in text
    assert "ok       the output is UTF-8" in in_a_pipe({**ASCII, "PYTHONUTF8": "1"})
    assert "ok       the output is UTF-8" in in_a_pipe({"LC_ALL": "C"})


def test_an_encoding_that_somebody_chose_can_be_unset() -> None:
    chosen = {"PYTHONIOENCODING": "latin-1", "LC_ALL": "C", "PYTHONUTF8": "1"}
    text = in_a_pipe(chosen)
    assert "problem  the output is iso8859-1" in text
    assert "mend: unset PYTHONIOENCODING" in text
    del chosen["PYTHONIOENCODING"]
    assert "problem" not in in_a_pipe(chosen)


# File events


def test_events_that_arrive_are_fine_and_polling_is_worth_a_note(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WATCHFILES_FORCE_POLLING", raising=False)
    (finding,) = examine_watching(tmp_path).findings
    assert finding.kind is Kind.OK
    monkeypatch.setenv("WATCHFILES_FORCE_POLLING", "1")
    (finding,) = examine_watching(tmp_path).findings
    assert finding.kind is Kind.NOTE
    assert finding.details == ("why: `WATCHFILES_FORCE_POLLING=1` asks for polling",)
    assert finding.mends == ("unset WATCHFILES_FORCE_POLLING",)


def test_an_environment_that_is_older_than_watch_is_told_and_nothing_breaks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    monkeypatch.delitem(sys.modules, "proctor.learner.file_events", raising=False)
    assert wrong(examine_watching(tmp_path)).text.startswith("`nox -s watch` needs the package `watchfiles`")


# Progress and room


@pytest.fixture
def folder_of_an_ordinary_user() -> Generator[Path]:
    """A folder that an ordinary user owns, and can reach: root keeps its own temporary folders to itself."""
    folder = Path(tempfile.mkdtemp())
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
    yield folder
    subprocess.run(["chmod", "-R", "u+rwX", str(folder)], check=True)
    shutil.rmtree(folder)


@contextmanager
def ordinary_user() -> Generator[None]:
    """Be an ordinary user for a while, whoever runs the tests."""
    if os.geteuid() != 0:
        yield
        return
    os.setresgid(NOBODY, NOBODY, 0)
    os.setresuid(NOBODY, NOBODY, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)
        os.setresgid(0, 0, 0)


def test_progress_can_be_kept_and_nothing_is_begun_for_it(tmp_path: Path) -> None:
    kept, *room = examine_progress(tmp_path).findings
    assert kept == ok(f"progress can be kept in `{tmp_path / '.proctor'}`")
    assert all(finding.kind is Kind.OK for finding in room)
    assert [*tmp_path.iterdir()] == []
    (tmp_path / ".proctor").mkdir()
    assert next(examine_progress(tmp_path).findings) == kept
    assert [*(tmp_path / ".proctor").iterdir()] == []


@pytest.mark.parametrize("name", [".", ".proctor", ".proctor/progress.sqlite3"])
def test_a_folder_or_file_of_ours_that_is_closed_can_be_opened(name: str, folder_of_an_ordinary_user: Path) -> None:
    root = folder_of_an_ordinary_user
    with ordinary_user():
        if name != ".":
            (root / ".proctor").mkdir()
        if name.endswith("3"):
            (root / name).touch()
        (root / name).chmod(0o400 if name.endswith("3") else 0o500)
        finding = wrong(examine_progress(root))
        assert finding.mends == (f"chmod -R u+rwX {root / name}",)
        obey(finding)
        assert not found(examine_progress(root), Kind.PROBLEM)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make files that belong to somebody else")
def test_progress_that_belongs_to_somebody_else_can_be_taken_over(folder_of_an_ordinary_user: Path) -> None:
    root = folder_of_an_ordinary_user
    (root / ".proctor").mkdir()
    (root / ".proctor" / "progress.sqlite3").touch()
    with ordinary_user():
        finding = wrong(examine_progress(root))
        assert finding.mends == (f'sudo chown -R "$(id -u)" {root / ".proctor"}',)


def test_a_file_in_the_place_of_the_folder_can_be_moved(tmp_path: Path) -> None:
    (tmp_path / ".proctor").touch()
    obey(wrong(examine_progress(tmp_path)))
    assert not found(examine_progress(tmp_path), Kind.PROBLEM)


def test_a_disk_that_is_nearly_full_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_ENOUGH", 1 << 62)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    finding = wrong(examine_progress(tmp_path))
    assert finding.text.startswith("only ")
    assert f"MiB are free on the disk of `{tmp_path}`, and grading may need" in finding.text
    assert any(mend.startswith(f"df -h {tmp_path} ") for mend in finding.mends)


def test_without_a_folder_for_temporary_files_nothing_can_be_graded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none() -> str:
        raise FileNotFoundError(2, "No usable temporary directory found in ['/tmp']")

    monkeypatch.setattr(tempfile, "gettempdir", none)
    assert "No usable temporary directory" in wrong(examine_progress(tmp_path)).text
