"""A learner at a terminal steps through the own code while a check calls it, and reads the verdict afterwards."""

import os
import pty
import select
import subprocess
import sys
import termios
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyte
import pytest
from tests.toy import DOUBLES, SLUG, check, grade_toy, toy_course

from proctor.errors import UsageError
from proctor.learner.debug import find_check
from proctor.verdict import CheckSpec

GENEROUS = 120
"""Seconds after which a debugger that should have said something has hung."""

PROGRAM = """
import fcntl, sys, termios
from proctor.errors import ProctorError
from proctor.learner.debug import Wish, debug

if sys.stdin.isatty():
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # so that Ctrl-C reaches this process, as in a terminal window
slug, check, at = sys.argv[1:]
try:
    sys.exit(debug(Wish(slug, check, int(at) if at else None)))
except ProctorError as error:
    print(f"proctor: {error}", file=sys.stderr)
    sys.exit(error.exit_code)
"""

GRADER = (
    check("doubles", 40, DOUBLES, title="Two is doubled")
    + check(
        "answers",
        40,
        'app = await stage.app("create_app")',
        'answer = app.request("GET", "/double/3")',
        "await answer.response_complete()",
        'expect("the answer", answer.json).equals({"twice": 6})',
        title="A request is answered",
    )
    + check("answers_in_a_thread", 20, DOUBLES.replace("2)", "2, in_thread=True)"), title="So is one in a thread")
)

CODE = """\
from fastapi import FastAPI


def double(number):
    print("doubling", number)

    twice = number * 2
    return twice


def create_app():
    app = FastAPI()

    @app.get("/double/{number}")
    async def answer(number: int) -> dict[str, int]:
        twice = double(number)
        return {"twice": twice}

    return app
"""

PROMPT = b"(Pdb) "


class Learner:
    """Somebody at a terminal; `saw` is what its screen has shown since something was typed for the last time."""

    def __init__(self, root: Path, check: str, at: str = "") -> None:
        self.path = root / "exercises" / SLUG / "main.py"
        self._terminal, theirs = pty.openpty()
        termios.tcsetwinsize(theirs, (50, 200))
        self.modes = termios.tcgetattr(self._terminal)
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-c", PROGRAM, SLUG, check, at],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            cwd=root,
            start_new_session=True,
            env={**os.environ, "TERM": "xterm", "NO_COLOR": "1"},
        )
        os.close(theirs)
        self.saw = ""

    def types(self, text: str) -> str:
        """Type, and return what is shown up to the next prompt."""
        os.write(self._terminal, text.encode())
        return self.waits()

    def waits(self) -> str:
        """Return what is shown up to the next prompt. Fails when there is none any more."""
        shown = self._read(PROMPT)
        assert PROMPT.decode().strip() in shown, shown
        return shown

    def leaves(self, text: str) -> tuple[str, int]:
        """Type for the last time, and return what is shown, and the exit code."""
        os.write(self._terminal, text.encode())
        return self.watches()

    def watches(self) -> tuple[str, int]:
        """Return what is shown until every process has let go of the terminal, and the exit code."""
        shown = self._read(None)
        return shown, self.process.wait(GENEROUS)

    def _read(self, end: bytes | None) -> str:
        screen = pyte.Screen(200, 50)
        stream = pyte.ByteStream(screen)
        data = b""
        while end is None or end not in data:
            ready, _, _ = select.select([self._terminal], [], [], GENEROUS)
            assert ready, f"nothing came after {data!r}"
            try:
                part = os.read(self._terminal, 1 << 16)
            except OSError:  # as Linux says that nobody has the terminal open any more
                part = b""
            if not part:
                break
            data += part
        stream.feed(data)
        return "\n".join(line.rstrip() for line in screen.display).rstrip()

    def current_modes(self) -> list[Any]:
        """Return the terminal's modes as they are now; `modes` are those of the beginning."""
        return termios.tcgetattr(self._terminal)

    def close(self) -> None:
        """Close the window."""
        os.close(self._terminal)
        self.process.kill()
        self.process.wait()


Begins = Callable[..., Learner]


@pytest.fixture
def begins(tmp_path: Path) -> Iterator[Begins]:
    """Have a learner begin to debug a check of the toy exercise with this code in the own file."""
    learners: list[Learner] = []
    toy_course(tmp_path, GRADER)

    def begin(check: str = "doubles", code: str = CODE, at: str = "") -> Learner:
        (tmp_path / "exercises" / SLUG / "main.py").write_text(code, encoding="utf-8")
        learners.append(Learner(tmp_path, check, at))
        return learners[-1]

    yield begin
    for learner in learners:
        learner.close()


def place(learner: Learner, line: int, function: str) -> str:
    return f"> {learner.path}({line}){function}()"


def test_it_stops_where_the_check_first_calls_the_learners_code(begins: Begins) -> None:
    learner = begins("doubles")
    shown = learner.waits()
    assert "Two is doubled\n  check  doubles\n  code   exercises/toy-exercise/main.py\n" in shown
    assert "n next line, s step into, c go on" in shown
    assert f'{place(learner, 5, "double")}\n-> print("doubling", number)\n(Pdb)' in shown
    assert f"{place(learner, 7, 'double')}\n-> twice = number * 2" in learner.types("n\n")
    assert "\n2\n" in learner.types("p number\n")
    shown, code = learner.leaves("c\n")
    assert "  Two is doubled: passed (40 points)\n    your code printed:\n      doubling 2" in shown
    assert code == 0


def test_a_failed_check_says_what_the_board_says(begins: Begins) -> None:
    learner = begins("doubles", CODE.replace("* 2", "* 3"))
    learner.waits()
    shown, code = learner.leaves("c\n")
    assert "  Two is doubled: 0 of 40 points\n    double(2)\n      expected: 4\n      seen:     6" in shown
    assert code == 1


def test_a_line_to_stop_at_is_named_without_editing_the_file(begins: Begins) -> None:
    learner = begins("doubles", at="8")
    shown = learner.waits()
    assert "stops  at line 8 of main.py" in shown
    assert f"{place(learner, 8, 'double')}\n-> return twice" in shown
    assert "\n4\n" in learner.types("p twice\n")
    assert learner.leaves("c\n")[1] == 0


@pytest.mark.parametrize(("at", "line"), [("4", 5), ("6", 7)], ids=["a def", "an empty line"])
def test_a_line_that_does_nothing_stands_for_the_next_one(begins: Begins, at: str, line: int) -> None:
    assert place(learner := begins("doubles", at=at), line, "double") in learner.waits()


def test_a_line_at_which_the_module_is_loaded_can_be_stopped_at(begins: Begins) -> None:
    assert "main.py(1)<module>()\n-> from fastapi import FastAPI" in begins("doubles", at="1").waits()


@pytest.mark.parametrize("call", ["breakpoint()", "import pdb; pdb.set_trace()"])
def test_breakpoint_in_an_async_endpoint_stops_there_and_nowhere_before(begins: Begins, call: str) -> None:
    code = CODE.replace("        twice = double(number)", f"        {call}\n        twice = double(number)")
    learner = begins("answers", code)
    shown = learner.waits()
    assert f"stops  at `{call.rpartition(' ')[2]}` in line 16 of main.py" in shown
    if place(learner, 16, "answer") in shown:  # Python 3.13 stops at the call, those before stop after it
        shown = learner.types("n\n")
    assert f"{place(learner, 17, 'answer')}\n-> twice = double(number)" in shown
    assert "\n3\n" in learner.types("p number\n")
    assert place(learner, 5, "double") in learner.types("s\n")
    shown, exit_code = learner.leaves("c\n")
    assert "A request is answered: passed" in shown
    assert exit_code == 0


def test_a_step_past_the_end_of_a_function_goes_on_in_the_learners_own_code(begins: Begins) -> None:
    learner = begins("answers")
    shown = learner.waits()
    while "answer()" not in shown:
        assert f"\n> {learner.path}(" in f"\n{shown}", "neither FastAPI nor we have been stepped into"
        shown = learner.types("n\n")
    assert place(learner, 16, "answer") in shown
    assert "\n3\n" in learner.types("p number\n")
    stack = learner.types("w\n")
    assert [line for line in stack.split("\n") if ".py(" in line] == [place(learner, 16, "answer")]
    assert learner.leaves("c\n")[1] == 0


def test_a_step_over_an_await_comes_back_to_the_coroutine(begins: Begins) -> None:
    waiting = "import asyncio\n" + CODE.replace(
        "        twice = d", "        await asyncio.sleep(5)\n        twice = d"
    )
    learner = begins("answers", waiting, at="17")
    assert "-> await asyncio.sleep(5)" in learner.waits()
    assert f"{place(learner, 18, 'answer')}\n-> twice = double(number)" in learner.types("n\n")
    assert learner.leaves("c\n")[1] == 0


def test_a_step_into_an_await_is_no_return(begins: Begins) -> None:
    waiting = "import asyncio\n" + CODE.replace(
        "        twice = d", "        await asyncio.sleep(5)\n        twice = d"
    )
    learner = begins("answers", waiting, at="17")
    learner.waits()
    assert f"{place(learner, 18, 'answer')}\n-> twice = double(number)" in learner.types("s\n")


def test_code_in_a_thread_stops_too(begins: Begins) -> None:
    learner = begins("answers_in_a_thread")
    assert place(learner, 5, "double") in learner.waits()
    assert place(learner, 7, "double") in learner.types("n\n")
    assert learner.leaves("c\n")[1] == 0


def test_a_breakpoint_that_is_set_at_the_prompt_is_reached_in_any_thread(begins: Begins) -> None:
    learner = begins("answers", CODE.replace("async def answer", "def answer"))
    learner.waits()
    assert f"Breakpoint 1 at {learner.path}:17" in learner.types("b 17\n")
    assert f"{place(learner, 17, 'answer')}\n-> return" in learner.types("c\n")
    assert learner.leaves("c\n")[1] == 0


def test_names_are_completed_as_in_any_terminal(begins: Begins) -> None:
    learner = begins("doubles", at="8")
    learner.waits()
    assert "\n4\n" in learner.types("p twi\t\n")


def test_what_is_saved_meanwhile_is_not_shown_as_if_it_ran(begins: Begins) -> None:
    learner = begins("doubles")
    learner.waits()
    learner.path.write_text("# all is new\n" * 20, encoding="utf-8")
    shown = learner.types("l\n")
    assert '->     print("doubling", number)' in shown.replace("\t", " ")
    assert "all is new" not in shown
    assert learner.leaves("c\n")[1] == 0


def test_leaving_the_debugger_gives_no_verdict(begins: Begins) -> None:
    learner = begins("doubles")
    learner.waits()
    shown, code = learner.leaves("q\n")
    assert shown.endswith("q\nproctor: you left the debugger; no verdict")
    assert "points" not in shown
    assert code == 130


def test_ctrl_c_ends_all_and_leaves_the_terminal_as_it_was(begins: Begins) -> None:
    learner = begins("doubles")
    learner.waits()
    shown, code = learner.leaves("\x03")
    assert "proctor: you left the debugger; no verdict" in shown
    assert code == 130
    assert learner.current_modes() == learner.modes


def test_a_check_that_does_not_come_there_says_so(begins: Begins) -> None:
    shown, code = begins("doubles", at="16").watches()
    assert "Two is doubled: passed" in shown
    assert "It did not stop: this check does not come to line 16 of main.py." in shown
    assert code == 0


def test_code_that_cannot_be_loaded_is_told_as_ever(begins: Begins) -> None:
    shown, code = begins("doubles", "def double(number:\n", at="1").watches()
    assert "main.py cannot be imported: SyntaxError" in shown
    assert code == 1


def piped(root: Path, check: str, typed: str, at: str = "") -> tuple[str, str, int]:
    """Debug a check of the toy exercise without a terminal; return output, errors and exit code."""
    (root / "exercises" / SLUG / "main.py").write_text(CODE, encoding="utf-8")
    command = [sys.executable, "-P", "-c", PROGRAM, SLUG, check, at]
    done = subprocess.run(command, cwd=root, input=typed, capture_output=True, text=True, timeout=GENEROUS, check=False)
    return done.stdout, done.stderr, done.returncode


def test_it_can_be_driven_through_pipes(tmp_path: Path) -> None:
    toy_course(tmp_path, GRADER)
    shown, errors, code = piped(tmp_path, "doubles", "p number\nc\n", at="7")
    assert "-> twice = number * 2\n(Pdb) 2\n(Pdb) \n  Two is doubled: passed (40 points)\n" in shown
    assert (errors, code) == ("", 0)


def test_a_check_that_starts_the_code_twice_stops_in_both(tmp_path: Path) -> None:
    lines = [f'expect("it", await (await stages()).call("double", {one})).equals({2 * one})' for one in (2, 3)]
    toy_course(tmp_path, check("doubles_twice", 100, *lines).replace("stage: Stage", "stages"))
    shown, errors, code = piped(tmp_path, "doubles", "p number\nc\np number\nc\n")
    assert "(Pdb) 2\n" in shown
    assert "(Pdb) 3\n" in shown
    assert "It doubles: passed (100 points)" in shown
    assert (errors, code) == ("", 0)


def test_an_end_of_input_leaves_the_debugger(tmp_path: Path) -> None:
    toy_course(tmp_path, GRADER)
    shown, errors, code = piped(tmp_path, "doubles", "")
    assert "points)" not in shown
    assert (errors, code) == ("proctor: you left the debugger; no verdict\n", 130)


def test_no_ordinary_run_has_a_debugger(tmp_path: Path) -> None:
    looking = "import sys\n\ndef double(number):\n    return 'proctor.stage.debugger' in sys.modules\n"
    grader = check("looks", 100, 'expect("a debugger", await stage.call("double", 2)).equals(False)')
    assert grade_toy(tmp_path, grader, looking).score == 100


# Which check

SPECS = [
    CheckSpec(SLUG, "the_answer_comes_first", "The answer leaves before the work", 60, "always", ""),
    CheckSpec(SLUG, "the_work_is_done", "The work is done in the end", 40, "always", ""),
]

EVERY_CHECK = (
    "  the_answer_comes_first\n      The answer leaves before the work\n"
    "  the_work_is_done\n      The work is done in the end"
)


@pytest.mark.parametrize("wanted", ["the_answer_comes_first", "answer", "Before the", "answer-comes"])
def test_a_part_of_id_or_title_is_enough(wanted: str) -> None:
    assert find_check(SPECS, wanted).id == "the_answer_comes_first"


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        ("", "say which check of `toy-exercise`; a part of its id or title is enough:"),
        ("the work", "2 checks of `toy-exercise` have `the work` in them; write more of the one that you mean:"),
        (
            "the_answer_come_first",
            "`toy-exercise` has no check `the_answer_come_first`. Did you mean `the_answer_comes_first`? Its checks:",
        ),
        ("xyz", "`toy-exercise` has no check `xyz`. Its checks:"),
    ],
    ids=["none", "ambiguous", "a near miss", "unknown"],
)
def test_a_check_that_is_not_clear_is_answered_with_those_that_there_are(wanted: str, problem: str) -> None:
    with pytest.raises(UsageError) as raised:
        find_check(SPECS, wanted)
    assert str(raised.value) == f"{problem}\n{EVERY_CHECK}"


def test_an_id_is_enough_where_it_is_a_part_of_another_one() -> None:
    specs = [SPECS[0], CheckSpec(SLUG, "the_answer", "It answers", 40, "always", "")]
    assert find_check(specs, "the_answer").id == "the_answer"


def test_an_unclear_check_exits_with_2_before_anything_runs(begins: Begins) -> None:
    shown, code = begins("dou-bles?").watches()
    assert "`toy-exercise` has no check `dou-bles?`. Did you mean `doubles`? Its checks:" in shown
    assert code == 2


@pytest.mark.parametrize("at", ["0", "400"])
def test_a_line_after_which_nothing_runs_is_refused(begins: Begins, at: str) -> None:
    shown, code = begins("doubles", at=at).watches()
    assert f"proctor: nothing runs from line {at} on" in shown
    assert code == 2
