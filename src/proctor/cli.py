"""The `proctor` command. Exit codes: 0 all points, 1 points lost, 2 usage, 3 our fault, 130 interrupted."""

import json as json_module
import sys
from pathlib import Path
from typing import Annotated

import typer

from proctor.errors import ProctorError
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


@app.command("schema")
def schema_command() -> None:
    """Print the JSON Schema of the report."""
    from proctor.scorecard import report_schema  # noqa: PLC0415 - `grade` starts its lanes before it imports this

    typer.echo(json_module.dumps(report_schema(), indent=2))


def main() -> None:
    """Run the command; what Proctor raises becomes a message on standard error and an exit code."""
    try:
        app()
    except ProctorError as error:
        print(f"proctor: {error}", file=sys.stderr)  # noqa: T201 - the one place that talks to the terminal by itself
        sys.exit(error.exit_code)
