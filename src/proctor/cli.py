"""The `proctor` command. Exit codes: 0 all points, 1 points lost, 2 usage, 3 our fault, 130 interrupted."""

import json as json_module
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from proctor.errors import ProctorError, UsageError
from proctor.isolation.layers import Layer
from proctor.isolation.protection import Isolation, choose
from proctor.lanes import Lanes

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
    with Lanes(choose(isolation, without or ())) as lanes:  # they get ready while the rest is imported
        from proctor.grade_course import Wish, grade_course  # noqa: PLC0415 - see above

        exit_code = grade_course(lanes, Wish(slugs or (), submission, json, junit, seed, shuffle))
    raise typer.Exit(exit_code)


@app.command("doctor")
def doctor_command(
    *,
    isolation: Annotated[Isolation, typer.Option(help="How to hold submissions.")] = Isolation.AUTO,
    without: Annotated[list[Layer] | None, typer.Option(metavar="LAYER", help="Try how it is without a layer.")] = None,
) -> None:
    """Say what this machine can and cannot protect."""
    from proctor.doctor import examine  # noqa: PLC0415 - `grade` does without, and is there sooner

    for line in examine(choose(isolation, without or ())):
        typer.echo(line)


@app.command("verify")
def verify_command(  # noqa: PLR0913 - one for each option
    slugs: Annotated[
        list[str] | None, typer.Argument(metavar="EXERCISE", help="All of them where none is named.")
    ] = None,
    *,
    json: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the report as JSON.")] = None,
    badge: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a badge for shields.io.")] = None,
    mutants: Annotated[bool, typer.Option("--mutants/--no-mutants", help="Grade mutants of the right answers.")] = True,
    record: Annotated[bool, typer.Option("--record", help="Record anew what learners read.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Examine what has not changed, too.")] = False,
    repeat: Annotated[int, typer.Option(metavar="N", min=0, help="Grade every known answer so often.")] = 0,
    burn: Annotated[bool, typer.Option("--burn", help="Keep all processors busy beside it.")] = False,
    shard: Annotated[str | None, typer.Option(metavar="K/N", help="Repeat the K-th of N parts.")] = None,
) -> None:
    """Prove that the grades are right: audit the course and its mutants or, with --repeat, look for unstable checks."""
    from proctor.catalog import find_root  # noqa: PLC0415 - `grade` does without, and is there sooner
    from proctor.verify import Options, Repetition, verify  # noqa: PLC0415 - same

    if not repeat and (burn or shard is not None):
        raise UsageError("`--burn` and `--shard` say how to repeat: give `--repeat N`, too")
    repetition = Repetition.read(repeat, burn=burn, shard=shard) if repeat else None
    options = Options(json=json, badge=badge, mutants=mutants, record=record, again=again, repetition=repetition)
    raise typer.Exit(verify(find_root(Path.cwd()), slugs or (), options))


@app.command("new")
def new_command(
    slug: Annotated[str, typer.Argument(metavar="SLUG", help="Lower-case words, joined by hyphens.")],
    *,
    title: Annotated[str | None, typer.Option(metavar="TITLE", help="What the exercise is called.")] = None,
    chapter: Annotated[str | None, typer.Option(metavar="TITLE", help="The chapter it goes to; the last one.")] = None,
    new_chapter: Annotated[str | None, typer.Option(metavar="TITLE", help="Begin a chapter with it.")] = None,
) -> None:
    """Begin a new exercise: stub, reference, one check, and TODO where something is to be written."""
    from proctor.catalog import find_root  # noqa: PLC0415 - `grade` does without, and is there sooner
    from proctor.scaffold import Wish, new_exercise  # noqa: PLC0415 - same

    for line in new_exercise(find_root(Path.cwd()), Wish(slug, title, chapter, new_chapter)):
        typer.echo(line)


class Document(StrEnum):
    """What has a schema."""

    REPORT = "report"
    VERIFY = "verify"


@app.command("schema")
def schema_command(document: Annotated[Document, typer.Argument()] = Document.REPORT) -> None:
    """Print the JSON Schema of the report of `grade`, or of that of `verify`."""
    from proctor.scorecard import report_schema  # noqa: PLC0415 - `grade` starts its lanes before it imports this
    from proctor.verify import verify_schema  # noqa: PLC0415 - same

    schema = {Document.REPORT: report_schema, Document.VERIFY: verify_schema}[document]
    typer.echo(json_module.dumps(schema(), indent=2))


def main() -> None:
    """Run the command; what Proctor raises becomes a message on standard error and an exit code."""
    try:
        app()
    except ProctorError as error:
        print(f"proctor: {error}", file=sys.stderr)  # noqa: T201 - the one place that talks to the terminal by itself
        sys.exit(error.exit_code)
