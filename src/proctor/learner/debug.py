"""Runs one check with a debugger in the learner's own code.

The check runs as ever, in a process of its own that cannot be stepped into. The stage that it calls has the learner's
terminal (`proctor.stage.debugger`) and no sandbox: it is the learner's own code on the learner's own machine. Nobody is
hurried, because what looks like an endless loop may be somebody who thinks.
"""

import os
import secrets
import socket
import termios
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from proctor.catalog import find_root, load_course
from proctor.errors import Interrupted, OurFault, UsageError, did_you_mean
from proctor.exercise_page import show_check, shown_path
from proctor.feedback import explain
from proctor.hostile_text import neutral
from proctor.isolation.bubblewrap import find_view
from proctor.isolation.launcher import Debugging
from proctor.isolation.layers import Layer, Profile
from proctor.isolation.protection import Protection
from proctor.lanes import Lanes
from proctor.learner.stops import Stops
from proctor.scorecard import CheckResult, Outcome, Visibility
from proctor.submission import Submission, read_submission
from proctor.terminal import Terminal
from proctor.verdict import CheckSpec, Verdict

__all__ = ["Wish", "debug", "find_check"]

PATIENCE: Final = 10.0
"""Seconds in which the stages let go of the terminal once the run is over."""

KEYS: Final = (
    "n next line, s step into, c go on, p NAME show a value, q quit",
    "l show the lines, w show the calls, b LINE stop there, too, h help",
)

LEFT: Final = "you left the debugger; no verdict"

_EXIT_CODES: Final = {Outcome.PASSED: 0, Outcome.FAILED: 1, Outcome.ERROR: 3}


@dataclass(frozen=True)
class Wish:
    """What is asked for: a check, by its id or a part of id or title, and the line of the main file to stop ``at``.

    ``submission`` is a folder that mirrors ``exercises/``, which is the default; ``seed`` repeats the drawn values.
    """

    slug: str
    check: str = ""
    at: int | None = None
    submission: Path | None = None
    seed: int | None = None


def debug(wish: Wish) -> int:
    """Run a check with a debugger and show its verdict. Return the exit code: 0 passed, 1 failed, 3 not decided.

    Raises UsageError, which names the checks that there are, when it is not clear which one is meant, or when there is
    no such line, or no check that is public; Interrupted when the learner leaves; OurFault when the check did not run.
    """
    course = load_course(find_root(Path.cwd()))
    exercise = course.exercise(wish.slug)
    if not exercise.max_score:
        raise UsageError(f"all checks of `{exercise.slug}` are hidden: your teacher runs them, and there is none here")
    folder = (wish.submission or course.root / "exercises").absolute() / exercise.slug
    submission = read_submission(exercise, folder)
    stops = Stops.choose(submission, wish.at)
    terminal = Terminal()
    try:
        with (
            _lend_terminal(submission, folder, stops) as (debugging, told),
            Lanes(_protection(exercise.manifest.stage), 1, debugging) as lanes,
        ):
            lanes.collect(course.root, [exercise.slug])
            specs = lanes.specs(exercise.slug)
            if not specs:
                raise OurFault("\n".join([f"`{exercise.grader}` has no check that can be run", *lanes.broken]))
            spec = find_check(specs, wish.check)
            _announce(terminal, spec, folder / exercise.main_file, stops)
            verdict = _run(lanes, submission, spec, wish.seed)
    except KeyboardInterrupt:
        raise Interrupted(LEFT) from None
    if Debugging.LEFT in told:
        raise Interrupted(LEFT)
    if verdict is None:
        raise OurFault(f"the check `{spec.id}` did not come to an end: the process that runs it ended early")
    result = _result(submission, spec, verdict)
    _show(terminal, result)
    if Debugging.STOPPED not in told and stops.places and not verdict.unreadable:
        terminal.line()
        terminal.line(f"It did not stop: this check does not come to {', '.join(stops.places)}.", "yellow", indent=2)
    return _EXIT_CODES[result.outcome]


# Which check


def find_check(specs: Sequence[CheckSpec], wanted: str) -> CheckSpec:
    """Return the check that is meant: by its id, or by a part of id or title that no other has. Raises UsageError."""
    known = {spec.id: spec for spec in specs}
    if wanted in known:
        return known[wanted]
    found = [spec for spec in specs if wanted and _words(wanted) in f"{_words(spec.id)}\n{_words(spec.title)}"]
    if len(found) == 1:
        return found[0]
    exercise = f"`{specs[0].exercise}`"
    if found:
        problem = f"{len(found)} checks of {exercise} have `{wanted}` in them; write more of the one that you mean:"
    elif wanted:
        near = get_close_matches(wanted, list(known), n=1, cutoff=0.5)
        hint = f" {did_you_mean(wanted, near)}" if near else ""
        problem = f"{exercise} has no check `{wanted}`.{hint} Its checks:"
    else:
        problem = f"say which check of {exercise}; a part of its id or title is enough:"
    raise UsageError("\n".join([problem, *(f"  {spec.id}\n      {spec.title}" for spec in found or specs)]))


def _words(text: str) -> str:
    """Return a text so that spelling an id or a title in another way makes no difference."""
    return " ".join(text.lower().replace("_", " ").replace("-", " ").split())


# Running it


def _protection(profile: Profile) -> Protection:
    """Return a process of its own and no more; servers need a network of their own besides, where it can be had."""
    view = (Layer.VIEW,) if profile is Profile.SERVERS and not find_view().missing else ()
    return Protection((Layer.PROCESS, Layer.CLEAN_ROOM, *view), forks=False)


@contextmanager
def _lend_terminal(submission: Submission, folder: Path, stops: Stops) -> Generator[tuple[Debugging, bytearray]]:
    """Make what stages are told, and afterwards take the terminal back from them: only then is known what they told."""
    told = bytearray()
    ours, theirs = socket.socketpair()
    reads, writes = os.dup(0), os.dup(1)
    main_file, *_ = names = submission.exercise.manifest.files
    files = {name: os.fspath(folder / name) for name in names}
    with ours, _restored(reads):
        try:
            yield Debugging(reads, writes, theirs.fileno(), files, main_file, stops.line, stops.at_first_call), told
        finally:
            theirs.close()
            os.close(writes)
            told += _hear_out(ours)


@contextmanager
def _restored(terminal: int) -> Generator[None]:
    """Put a terminal's modes back, which a stage that is ended while a line is edited leaves changed; and close it.

    Meanwhile Ctrl-Z is a character like others: it would stop this process, and not the stage that reads.
    """
    before = termios.tcgetattr(terminal) if os.isatty(terminal) else None
    try:
        if before is not None:
            characters = list(before[6])
            characters[termios.VSUSP] = bytes([os.fpathconf(terminal, "PC_VDISABLE")])
            termios.tcsetattr(terminal, termios.TCSADRAIN, [*before[:6], characters])
        yield
    finally:
        if before is not None:
            termios.tcsetattr(terminal, termios.TCSADRAIN, before)
        os.close(terminal)


def _hear_out(ours: socket.socket) -> bytes:
    """Have the stages end, and return what they have told, once nobody holds the other end any more."""
    told = b""
    ours.settimeout(PATIENCE)
    with suppress(OSError):
        ours.shutdown(socket.SHUT_WR)
        while said := ours.recv(1 << 10):
            told += said
    return told


def _run(lanes: Lanes, submission: Submission, spec: CheckSpec, seed: int | None) -> Verdict | None:
    """Run one check, and return what came of it, if anything did."""
    job = submission.to_job(submission.exercise.slug)
    job = replace(job, only=frozenset([spec.id]), seed=secrets.randbelow(1 << 31) if seed is None else seed)
    verdicts = [news for news in lanes.run([job]) if isinstance(news, Verdict)]
    return verdicts[0] if len(verdicts) == 1 else None


# What the learner reads


def _announce(terminal: Terminal, spec: CheckSpec, path: Path, stops: Stops) -> None:
    """Say what is going to happen, and how to go on."""
    terminal.line(spec.title, "bold")
    terminal.line(f"check  {spec.id}", indent=2)
    terminal.line(f"code   {shown_path(path)}", indent=2)
    if stops.places:
        terminal.line(f"stops  at {', '.join(stops.places)}", indent=2)
    if stops.at_first_call:
        terminal.line("       (`--at LINE`, or `breakpoint()` in your code, stops there instead)", indent=2)
    terminal.line(f"keys   {KEYS[0]}\n       {KEYS[1]}", indent=2)
    terminal.line()


def _result(submission: Submission, spec: CheckSpec, verdict: Verdict) -> CheckResult:
    outcome = Outcome(verdict.outcome)
    result = CheckResult(
        id=spec.id,
        title=spec.title,
        points=spec.points,
        score={Outcome.PASSED: spec.points, Outcome.FAILED: 0, Outcome.ERROR: None}[outcome],
        outcome=outcome,
        visibility=Visibility(spec.visibility),
        message=verdict.message,
        printed=verdict.printed,
    )
    if submission.is_stub or verdict.unreadable:
        return result
    return explain(submission.exercise, [result], {spec.id: spec.mistake})[0]


def _show(terminal: Terminal, result: CheckResult) -> None:
    if result.outcome is not Outcome.PASSED:
        show_check(terminal, result)
        return
    terminal.line()
    terminal.line(f"{result.title}: passed ({result.points} points)", "bold", indent=2)
    if result.printed:
        terminal.line("your code printed:", "dim", indent=4)
        terminal.line(neutral(result.printed).rstrip(), "dim", indent=6)
