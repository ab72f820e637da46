"""`proctor watch`, `hint`, `solution`, `reset`, `serve`, `debug` and `update`: what a learner needs beside grades."""

import asyncio
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from proctor.cli.app import CurrentSlug, app
from proctor.cli.grading import IsolationOption, WithoutOption
from proctor.isolation.protection import Isolation, choose

if TYPE_CHECKING:
    from proctor.catalog import Exercise
    from proctor.learner.progress import Progress

__all__: list[str] = []


@app.command("watch")
def watch_command(
    slug: CurrentSlug = "",
    *,
    plain: Annotated[bool, typer.Option("--plain", help="Print line after line, for screen readers and logs.")] = False,
    poll: Annotated[bool, typer.Option("--poll", help="Look for saved files; do not wait to be told.")] = False,
    isolation: IsolationOption = Isolation.AUTO,
    without: WithoutOption = None,
) -> None:
    """Grade on save the exercise that was saved, with keys for hints, the list, the next exercise."""
    from proctor.catalog import find_root  # noqa: PLC0415 - `grade` does without, and is there sooner
    from proctor.learner.file_events import file_events_arrive  # noqa: PLC0415 - same
    from proctor.learner.progress import Progress  # noqa: PLC0415 - same
    from proctor.learner.watch.watch import Watch  # noqa: PLC0415 - same
    from proctor.terminal import Terminal  # noqa: PLC0415 - same

    root = find_root(Path.cwd())
    events = file_events_arrive(root / "exercises")
    news = [] if events.works or poll else [f"Saved files are looked for, and not told of here: {events.why}"]
    with Progress.of(root) as progress:
        protection = choose(isolation, without or ())
        watch = Watch(root, progress, protection, Terminal(plain=plain), poll=poll or not events.works)
        asyncio.run(watch.run(slug, *progress.notices, *news))


@app.command("hint")
def hint_command(slug: CurrentSlug = "") -> None:
    """Show one hint more: a nudge, a pointer, the near-answer."""
    from proctor.learner.hints import hint_lines, next_hint  # noqa: PLC0415 - `grade` does without, and is there sooner

    with _at(slug, is_to_do=True) as (exercise, progress):
        _say(hint_lines(exercise, next_hint(exercise, progress)))


@app.command("solution")
def solution_command(
    slug: CurrentSlug = "",
    *,
    give_up: Annotated[bool, typer.Option("--give-up", help="Show it before you have all points.")] = False,
) -> None:
    """Show the reference and the other right answers, once you have all points."""
    from proctor.learner.solution import insist_on_a_right, solution_lines  # noqa: PLC0415 - as above

    with _at(slug) as (exercise, progress):
        insist_on_a_right(exercise, progress, give_up=give_up)
        _say(solution_lines(exercise))


@app.command("reset")
def reset_command(slug: Annotated[str, typer.Argument(metavar="EXERCISE")]) -> None:
    """Put the stub of an exercise back, and keep a copy of your work."""
    from proctor.learner.reset import reset_lines  # noqa: PLC0415 - as above

    with _at(slug) as (exercise, _):
        _say(reset_lines(exercise))


@app.command("serve")
def serve_command(
    slug: CurrentSlug = "",
    *,
    port: Annotated[
        int, typer.Option(metavar="PORT", min=0, max=65535, help="Where to listen; 0 takes one that is free.")
    ] = 8000,
    solution: Annotated[bool, typer.Option("--solution", help="Serve the reference in place of your file.")] = False,
) -> None:
    """Serve an exercise with stand-ins for its collaborators, to try it by hand."""
    from proctor.learner.serve import serve  # noqa: PLC0415 - as above

    with _at(slug) as (exercise, _):
        chosen = exercise
    raise typer.Exit(serve(chosen, port=port, solution=solution))


@app.command("debug")
def debug_command(
    slug: Annotated[str, typer.Argument(metavar="EXERCISE")],
    check: Annotated[str, typer.Argument(metavar="CHECK", help="A part of its name is enough.")] = "",
    *,
    at: Annotated[int | None, typer.Option(metavar="LINE", min=1, help="Stop at this line of your main file.")] = None,
    submission: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder that mirrors exercises/, which is the default.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Repeat a run with the values that it drew.")] = None,
) -> None:
    """Run one check with a debugger in your code."""
    from proctor.learner.debug import Wish, debug  # noqa: PLC0415 - as above

    raise typer.Exit(debug(Wish(slug, check, at, submission, seed)))


@app.command("update")
def update_command(
    *,
    source: Annotated[
        str | None, typer.Option("--from", metavar="REMOTE[/BRANCH]", help="Where the newer course is.")
    ] = None,
) -> None:
    """Bring the newest course into this clone, and leave your work as it is."""
    from proctor.catalog import find_root  # noqa: PLC0415 - as above
    from proctor.learner.update import update  # noqa: PLC0415 - as above

    _say(update(find_root(Path.cwd()), source))


@contextmanager
def _at(slug: str, *, is_to_do: bool = False) -> Generator[tuple["Exercise", "Progress"]]:
    """Open the exercise that a command is about, and the progress of whoever calls it."""
    from proctor.catalog import find_root, load_course  # noqa: PLC0415 - as above
    from proctor.learner.current import current_exercise, exercise_to_do  # noqa: PLC0415 - as above
    from proctor.learner.progress import Progress  # noqa: PLC0415 - as above

    course = load_course(find_root(Path.cwd()))
    with Progress.of(course.root) as progress:
        exercise = (exercise_to_do if is_to_do else current_exercise)(course, progress, slug)
        for notice in progress.notices:
            typer.echo(notice, err=True)
        yield exercise, progress


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        typer.echo(line)
