"""Makes coroutines of lists of steps. Runs beside the submission: they note what they do, and nothing is judged."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

Pause = Callable[[], Awaitable[object]]
Run = Callable[[list[Any]], Any]
Note = Callable[[str], object]
Step = tuple[str, Any]


async def follow(run: Run, pause: Pause, note: Note, steps: Sequence[Step]) -> Any:
    """Follow the steps, and return what the last one says: a text to return, or what another coroutine returned."""
    result = None
    for verb, what in steps:
        match verb:
            case "note":
                note(what)
            case "pause":
                await pause()
            case "await":
                result = await follow(run, pause, note, what)
            case "run":
                result = run([follow(run, pause, note, steps) for steps in what])
            case "raise":
                raise ValueError(what)
            case _:
                result = what
    return result


def perform(run: Run, pause: Pause, note: Note, scripts: Sequence[Sequence[Step]]) -> Any:
    """Make a coroutine of each script, note that they have been made, run them, and return what that returned."""
    coros = [follow(run, pause, note, steps) for steps in scripts]
    note("run is called")
    try:
        return run(coros)
    except StopIteration as error:  # the future of a thread can take any exception but this one
        raise RuntimeError("run raised StopIteration").with_traceback(error.__traceback__) from error
