"""A tiny scheduler: who has which turn, in which thread, and what comes back, seen by the coroutines themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from proctor.checks import Call, Collaborator, Draw, Stage, SubmissionError, expect

Step = tuple[str, Any]
PAUSE: Step = ("pause", None)


@dataclass
class Performance:
    """What the coroutines noted while they ran, and what `run` returned."""

    begun: Call
    notes: list[Call]
    returned: Any

    @property
    def texts(self) -> list[Any]:
        """The notes, in order."""
        return [note.args[0] for note in self.notes]


def note(text: str) -> Step:
    """Return the step that notes a text."""
    return ("note", text)


def awaiting(*steps: Step) -> Step:
    """Return the step that awaits a coroutine with steps of its own."""
    return ("await", steps)


def returning(value: object) -> Step:
    """Return the step that returns a value; it is the last one."""
    return ("return", value)


def turns(name: str, count: int) -> list[Step]:
    """Return steps that take so many turns, and note each of them."""
    steps = [note(f"{name}0")]
    for number in range(1, count):
        steps += [PAUSE, note(f"{name}{number}")]
    return steps


async def perform_two(stage: Stage, draw: Draw) -> Performance:
    """Have `run` run two coroutines; they have all their turns, in whatever order."""
    scripts = [turns(f"{letter}{draw.word(3)}", 2) for letter in "AB"]
    seen = await perform(stage, *scripts)
    expected = [what for steps in scripts for verb, what in steps if verb == "note"]
    expect("the turns of two coroutines", seen.texts).has_items(expected)
    return seen


async def begin(stage: Stage, notes: Collaborator, scripts: Sequence[Sequence[Step]]) -> Any:
    """Have `run` run a coroutine for each script, in a thread without an event loop. Return what it returns."""
    run, pause = await stage.attribute("run", keep=True), await stage.attribute("pause", keep=True)
    return await stage.begin("perform", run, pause, notes, scripts, on="props", in_thread=True)


async def perform(stage: Stage, *scripts: Sequence[Step], name: str = "note") -> Performance:
    """Return what the coroutines note while `run` runs them, and what it returns; ``name`` is for the notes."""
    notes = stage.collaborator(name, "notify")
    returned = await begin(stage, notes, scripts)
    return Performance(notes.calls[0], notes.calls[1:], returned)


@pytest.mark.points(30)
@pytest.mark.public
async def test_turns_go_round(stage: Stage, draw: Draw) -> None:
    """Every coroutine has a turn, in the order of the list, before one of them has the next"""
    first, second, third, fourth = (f"{letter}{draw.word(3)}" for letter in "ABCD")
    counts = {first: draw.number(2, 3), second: draw.number(4, 6), third: 1, fourth: draw.number(4, 6)}
    seen = await perform(stage, *(turns(name, count) for name, count in counts.items()))
    expected = [f"{name}{turn}" for turn in range(6) for name, count in counts.items() if turn < count]
    asked = ", ".join(f"{count} of {name}" for name, count in counts.items())
    expect(f"the turns: {asked}", seen.texts).equals(expected)


@pytest.mark.points(20)
async def test_a_pause_may_be_deep(stage: Stage, draw: Draw) -> None:
    """A pause in a coroutine that is awaited by another one gives up control of both, and both go on later"""
    one, other = f"A{draw.word(3)}", f"B{draw.word(3)}"
    scripts = [
        [
            note(f"{name} begins"),
            awaiting(awaiting(note(f"{name} is deep"), PAUSE, note(f"{name} is deep again")), PAUSE),
            note(f"{name} is back"),
        ]
        for name in (one, other)
    ]
    seen = await perform(stage, *scripts)
    rounds = (("begins", "is deep"), ("is deep again",), ("is back",))
    expected = [f"{name} {what}" for turn in rounds for name in (one, other) for what in turn]
    expect("the turns of two coroutines that pause in coroutines which they await", seen.texts).equals(expected)


@pytest.mark.points(15)
async def test_only_a_pause_gives_up_control(stage: Stage, draw: Draw) -> None:
    """An await of something that does not pause lets nobody else have a turn"""
    one, other = f"A{draw.word(3)}", f"B{draw.word(3)}"
    scripts = [[awaiting(note(f"{name}0")), awaiting(awaiting(note(f"{name}1")))] for name in (one, other)]
    seen = await perform(stage, *scripts)
    expected = [f"{one}0", f"{one}1", f"{other}0", f"{other}1"]
    expect("the turns of two coroutines that await others which do not pause", seen.texts).equals(expected)


@pytest.mark.points(10)
async def test_results_stand_in_order(stage: Stage, draw: Draw) -> None:
    """What the coroutines returned stands in their order in a list, for each call of run by itself"""
    late, early = draw.word(), draw.number(0, 9)
    first = await perform(stage, [PAUSE, PAUSE, returning(late)], [returning(early)], [PAUSE, returning(None)])
    expect("what run returned for three coroutines", first.returned).equals([late, early, None])

    inner = [draw.word(), draw.word()]
    calls_run = ("run", [[PAUSE, returning(value)] for value in inner])
    scripts = ([PAUSE, returning(early)], [calls_run], [returning(late)])
    second = await perform(stage, *scripts, name="second note")
    about = "what run returned for three coroutines of which the second calls run, and returns its results"
    expect(about, second.returned).equals([early, inner, late])
    expect("what run returned for an empty list", (await perform(stage, name="third note")).returned).equals([])


@pytest.mark.points(5)
async def test_what_is_raised_ends_the_run(stage: Stage, draw: Draw) -> None:
    """When a coroutine raises, run raises the same exception, and nobody has another turn"""
    notes = stage.collaborator("note", "notify")
    message, too_late = draw.word(), draw.word()
    scripts = [[PAUSE, ("raise", message)], [PAUSE, note(too_late)]]
    raised = "nothing"
    try:
        await begin(stage, notes, scripts)
    except SubmissionError as error:
        raised = f"{error.kind}: {error.message}"
    expect("what run raises when a coroutine raises", raised).equals(f"ValueError: {message}")
    expect("the turns after that", [call.args[0] for call in notes.calls[1:]]).equals([])


@pytest.mark.points(10)
async def test_all_turns_are_in_one_thread(stage: Stage, draw: Draw) -> None:
    """All turns are in the thread that has called run"""
    seen = await perform_two(stage, draw)
    elsewhere = [note.args[0] for note in seen.notes if note.thread != seen.begun.thread]
    expect("the turns in another thread than the one that has called run", elsewhere).equals([])


@pytest.mark.points(10)
async def test_no_event_loop_is_running(stage: Stage, draw: Draw) -> None:
    """While the coroutines have their turns, no event loop is running"""
    seen = await perform_two(stage, draw)
    on_loop = [note.args[0] for note in seen.notes if note.on_loop]
    expect("the turns while an event loop was running", on_loop).equals([])
