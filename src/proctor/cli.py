"""The `proctor` command. Exit codes: 0 all points, 1 points lost, 2 usage, 3 our fault, 130 interrupted."""

import json as json_module
import secrets
import sys
from pathlib import Path
from typing import Annotated

import typer

from proctor import __version__
from proctor.board import Board
from proctor.catalog import find_root, load_course
from proctor.doctor import examine
from proctor.errors import Interrupted, ProctorError, UsageError
from proctor.grade import Task, grade
from proctor.isolation.layers import Layer
from proctor.isolation.protection import Isolation, choose
from proctor.reports.junit import to_junit
from proctor.scorecard import Report, report_schema
from proctor.submission import read_all

__all__ = ["app", "main"]

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Grades FastAPI exercises and can prove that its grades are right.",
)


@app.callback()
def proctor() -> None:
    """Grades FastAPI exercises and can prove that its grades are right."""


@app.command("grade")
def grade_command(
    slugs: Annotated[
        list[str] | None, typer.Argument(metavar="EXERCISE", help="All of them where none is named.")
    ] = None,
    *,
    submission: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder that mirrors exercises/, which is the default.")
    ] = None,
    json: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the report as JSON.")] = None,
    junit: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the report as JUnit XML.")] = None,
    seed: Annotated[int | None, typer.Option(help="Repeat a run with the values that it drew.")] = None,
    isolation: Annotated[Isolation, typer.Option(help="How to hold the submission.")] = Isolation.AUTO,
    without: Annotated[list[Layer] | None, typer.Option(metavar="LAYER", help="Try how it is without a layer.")] = None,
    shuffle: Annotated[int | None, typer.Option(metavar="SEED", help="Run the checks in a random order.")] = None,
) -> None:
    """Grade submissions and show the board."""
    course = load_course(find_root(Path.cwd()))
    exercises = course.select(slugs or [])
    protection = choose(isolation, without or ())
    for target in (json, junit):
        if target is not None and not target.absolute().parent.is_dir():
            raise UsageError(f"`{target}` cannot be written: there is no folder `{target.absolute().parent}`")
        if target is not None and target.is_dir():
            raise UsageError(f"`{target}` cannot be written: it is a folder")
    folder = (submission or course.root / "exercises").absolute()
    submissions = read_all(exercises, folder)
    drawn = secrets.randbelow(1 << 31) if seed is None else seed
    board = Board(course, folder)
    tasks = [Task(one.exercise.slug, one) for one in submissions]
    try:
        with board.progress() as progress:
            cards = grade(tasks, protection=protection, seed=drawn, shuffle=shuffle, progress=progress)
    except KeyboardInterrupt:
        raise Interrupted("interrupted; nothing was written, and grading again starts afresh") from None
    report = Report(
        proctor=__version__,
        seed=drawn,
        isolation=protection.layers,
        not_protected=tuple(protection.open_doors()),
        scorecards=tuple(cards),
    )
    if json is not None:
        json.write_text(report.to_json(), encoding="utf-8")
    if junit is not None:
        junit.write_text(to_junit(report), encoding="utf-8")
    board.show(report)
    raise typer.Exit(report.exit_code)


@app.command("doctor")
def doctor_command(
    *,
    isolation: Annotated[Isolation, typer.Option(help="How to hold submissions.")] = Isolation.AUTO,
    without: Annotated[list[Layer] | None, typer.Option(metavar="LAYER", help="Try how it is without a layer.")] = None,
) -> None:
    """Say what this machine can and cannot protect."""
    for line in examine(choose(isolation, without or ())):
        typer.echo(line)


@app.command("schema")
def schema_command() -> None:
    """Print the JSON Schema of the report."""
    typer.echo(json_module.dumps(report_schema(), indent=2))


def main() -> None:
    """Run the command; what Proctor raises becomes a message on standard error and an exit code."""
    try:
        app()
    except ProctorError as error:
        print(f"proctor: {error}", file=sys.stderr)  # noqa: T201 - the one place that talks to the terminal by itself
        sys.exit(error.exit_code)
