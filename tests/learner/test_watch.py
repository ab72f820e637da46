"""Somebody works in the watch: saves, reads, presses keys, and quits."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from tests.learner.window import Window
from tests.toy import DOUBLES, GOOD, SLUG, STUB, check, toy_course

from proctor.learner.progress import Progress

COMMAND = [sys.executable, "-P", "-m", "proctor", "watch"]
GRADER = check("doubles", 60, DOUBLES, title="Two is doubled") + check(
    "doubles_nothing", 40, 'expect("double(0)", await stage.call("double", 0)).equals(0)', title="Nothing stays nothing"
)
ADDS = "def double(number):\n    return number + 2\n"
MISTAKES = """
[adds]
fails = ["doubles_nothing"]
says = "It adds two, which is the same only for two."
link = "https://docs.python.org/3/"
"""
SECOND = "second-toy"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a course of two exercises that are alike."""
    toy_course(tmp_path, GRADER, MISTAKES)
    for room in ("exercises", "solutions", "graders"):
        shutil.copytree(tmp_path / room / SLUG, tmp_path / room / SECOND)
    manifest = tmp_path / "exercises" / SECOND / "exercise.toml"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace('"Toy"', '"Second"'), encoding="utf-8")
    course = tmp_path / "exercises" / "course.toml"
    course.write_text(
        course.read_text(encoding="utf-8").replace(f'["{SLUG}"]', f'["{SLUG}", "{SECOND}"]'), encoding="utf-8"
    )
    return tmp_path


@pytest.fixture
def window(root: Path) -> Iterator[Window]:
    """Open a window in which the watch has shown the first exercise."""
    with Window(COMMAND, root) as window:
        window.wait_for("Not started: 0/100 points, 0 of 2 checks passed")
        yield window


def save(root: Path, text: str, slug: str = SLUG) -> None:
    (root / "exercises" / slug / "main.py").write_text(text, encoding="utf-8")


def living_in(session: int) -> list[psutil.Process]:
    """Return the processes of a terminal's session. Whoever has ended and was not yet asked how is none of them."""
    living: list[psutil.Process] = []
    for process in psutil.process_iter():
        with suppress(psutil.NoSuchProcess, ProcessLookupError):
            if os.getsid(process.pid) == session and process.status() != psutil.STATUS_ZOMBIE:
                living.append(process)
    return living


def test_from_the_stub_to_all_points(window: Window, root: Path) -> None:
    save(root, ADDS)
    shown = window.wait_for("Not yet: 60/100 points, 1 of 2 checks passed", "likely: It adds two")
    assert "passed     Two is doubled" in shown
    assert "failed     Nothing stays nothing" in shown
    window.press("h")
    window.wait_for("Hint 1 of 3: Think about it.", "h shows one more.", "h hint (1 of 3 shown)")
    save(root, GOOD)
    window.wait_for("Done: 100/100 points, 2 of 2 checks passed", f"n goes on to `{SECOND}`", "s solution")
    window.wait_for("1 of 2 exercises done, 100 of 200 points")
    window.press("s")
    window.wait_for("solutions/toy-exercise/main.py:", "return number * 2")
    window.press("n")
    window.wait_for("Second", "Not started", f"exercises/{SECOND}/main.py")
    window.press("q")
    assert window.wait_for_end() == 0
    with Progress.of(root) as progress:
        assert [attempt.score for attempt in progress.attempts(SLUG)] == [60, 100]
        assert progress.hints_shown(SLUG) == 1
        assert progress.place == SECOND


def test_it_goes_on_where_it_was_left_and_knows_what_was_graded(window: Window, root: Path) -> None:
    save(root, ADDS, SECOND)
    window.wait_for("Second", "Not yet: 60/100")
    window.press("q")
    window.wait_for_end()
    with Window(COMMAND, root) as again:
        again.wait_for("Second", "Not yet: as before, 60/100", "likely: It adds two")


def test_the_exercise_that_was_saved_is_the_one_that_is_shown(window: Window, root: Path) -> None:
    save(root, GOOD, SECOND)
    window.wait_for("Second", "Done: 100/100", f"n goes on to `{SLUG}`")


def test_broken_code_and_a_missing_file_are_told_and_survived(window: Window, root: Path) -> None:
    save(root, "def double(number:\n")
    window.wait_for("0/100", "SyntaxError")
    (root / "exercises" / SLUG / "main.py").unlink()
    window.wait_for("main.py is missing")
    save(root, "import sys\nsys.exit(1)\n")
    window.wait_for("0/100", "SystemExit", without="missing")
    save(root, GOOD)
    window.wait_for("Done: 100/100")


def test_an_editor_that_writes_another_file_and_renames_it(window: Window, root: Path) -> None:
    new = root / "exercises" / SLUG / "main.py~new"
    new.write_text(GOOD, encoding="utf-8")
    new.replace(root / "exercises" / SLUG / "main.py")
    window.wait_for("Done: 100/100")


def test_an_editor_that_moves_the_old_file_away_first(window: Window, root: Path) -> None:
    mine = root / "exercises" / SLUG / "main.py"
    mine.rename(mine.with_name("main.py~"))
    save(root, GOOD)
    shown = window.wait_for("Done: 100/100")
    assert "missing" not in shown


def test_what_is_printed_and_a_file_that_is_not_handed_in_are_shown(window: Window, root: Path) -> None:
    (root / "exercises" / SLUG / "helper.py").write_text("", encoding="utf-8")
    save(root, "def double(number):\n    print('here I am')\n    return 4\n")
    window.wait_for("your code printed:", "here I am", "note: helper.py is not handed in")


def test_reset_asks_and_keeps_the_work(window: Window, root: Path) -> None:
    save(root, ADDS)
    window.wait_for("60/100")
    window.press("r")
    window.wait_for("Press r again")
    window.press("h")  # anything else means no
    window.wait_for("Hint 1 of 3")
    window.press("r")
    window.wait_for("Press r again")
    assert (root / "exercises" / SLUG / "main.py").read_text(encoding="utf-8") == ADDS
    window.press("r")
    window.wait_for("Your work is kept", "Not started: 0/100")
    assert (root / "exercises" / SLUG / "main.py").read_text(encoding="utf-8") == STUB
    (copy,) = root.glob(".proctor/kept/*/main.py")
    assert copy.read_text(encoding="utf-8") == ADDS


def test_the_solution_is_not_shown_before_it_was_found(window: Window) -> None:
    window.press("s")
    shown = window.wait_for("--give-up", "q quit")
    assert "return number * 2" not in shown


def test_the_list_filters_and_jumps(window: Window, root: Path) -> None:
    window.press("l")
    window.wait_for(f"> {SLUG}", f"  {SECOND}", "f filter")
    window.press("fsec")
    window.wait_for("with 'sec'", f"> {SECOND}", without=SLUG)
    window.press("\r")
    window.wait_for("Second", "Not started")
    window.press("l")
    window.wait_for(f"> {SECOND}")
    window.press("\x1b[A")
    window.wait_for(f"> {SLUG}")
    window.press("\x1b")
    window.wait_for("Second", "Not started")
    save(root, GOOD, SECOND)
    window.wait_for("Done: 100/100")
    window.press("lo")
    window.wait_for(f"> {SLUG}", without=SECOND)


def test_another_size_of_the_window_is_drawn_anew(window: Window) -> None:
    window.resize(50, 60)
    shown = window.wait_for("Nothing stays nothing: 0 of 40 points")
    assert max(len(line) for line in shown.splitlines()) <= 60


def test_when_a_grader_changes_the_course_is_read_anew(window: Window, root: Path) -> None:
    save(root, ADDS)
    window.wait_for("60/100")
    grader = root / "graders" / SLUG / "test_toy.py"
    grader.write_text(
        grader.read_text(encoding="utf-8").replace("Two is doubled", "Twice two is four"), encoding="utf-8"
    )
    window.wait_for("Twice two is four", "The course has changed", "60/100")


def test_a_course_that_is_broken_for_a_moment_is_survived(window: Window, root: Path) -> None:
    manifest = root / "exercises" / SLUG / "exercise.toml"
    whole = manifest.read_text(encoding="utf-8")
    manifest.write_text("title = ", encoding="utf-8")
    window.wait_for("The course cannot be read as it is now", "Invalid value")
    manifest.write_text(whole.replace('"Toy"', '"Anew"'), encoding="utf-8")
    window.wait_for("Anew", "Not started")


@pytest.mark.parametrize("end", ["q", "\x03", "signal"])
def test_quitting_in_the_middle_of_a_run_leaves_nothing_behind(window: Window, root: Path, end: str) -> None:
    save(root, "def double(number):\n    while True: pass\n")
    window.wait_for("...")  # a check is under way
    if end == "signal":
        window.interrupt()
    else:
        window.press(end)
    assert window.wait_for_end() in {0, 130}
    assert living_in(window.process.pid) == []


def test_the_terminal_is_as_it_was_afterwards(root: Path) -> None:
    import termios  # noqa: PLC0415 - not on every system, and only here

    with Window(COMMAND, root) as window:
        before = window.modes
        window.wait_for("Not started")
        assert termios.tcgetattr(window._ours)[3] != before[3]  # noqa: SLF001 - what a program does to it shows there
        window.press("q")
        window.wait_for_end()
        assert termios.tcgetattr(window._ours)[3] == before[3]  # noqa: SLF001 - same


def test_without_file_events_it_looks_for_what_was_saved(root: Path) -> None:
    with Window(COMMAND, root, {"WATCHFILES_FORCE_POLLING": "1"}) as window:
        window.wait_for("Not started", "asks for polling")
        save(root, GOOD)
        window.wait_for("Done: 100/100")


def test_plain_it_prints_line_after_line_and_wipes_nothing_away(root: Path) -> None:
    with Window([*COMMAND, "--plain"], root) as window:
        window.wait_for("Not started")
        save(root, GOOD)
        window.wait_for("Done: 100/100 points, 2 of 2 checks passed")
        window.press("q")
        window.wait_for_end()
    assert b"\x1b" not in window.everything.replace(b"\x1b[?1h", b"")
    assert "━" not in window.everything.decode()


def test_an_unknown_exercise_is_refused_with_the_near_miss(root: Path) -> None:
    told = subprocess.run([*COMMAND, "toy-exercice"], cwd=root, check=False, capture_output=True, text=True)
    assert told.returncode == 2
    assert "Did you mean `toy-exercise`?" in told.stderr


def test_what_was_done_while_nobody_watched_is_graded_in_the_beginning(root: Path) -> None:
    save(root, GOOD)
    save(root, ADDS, SECOND)
    with Window(COMMAND, root) as window:
        window.wait_for("1 of 2 exercises done, 160 of 200 points")


def test_where_no_keys_can_be_read_it_still_watches(root: Path) -> None:
    with subprocess.Popen(COMMAND, cwd=root, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as watch:
        lines = iter(watch.stdout or ())
        assert any("Not started" in line for line in lines)
        save(root, GOOD)
        assert any("Done: 100/100" in line for line in lines)
        watch.terminate()
