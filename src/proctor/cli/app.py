"""The application that the commands are entered in, and how what they raise becomes a message and an exit code."""

import sys
from typing import Annotated

import typer

from proctor import __version__
from proctor.errors import ProctorError

__all__ = ["CurrentSlug", "Slugs", "app", "main"]

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Grades FastAPI exercises and can prove that its grades are right.",
)

Slugs = Annotated[list[str] | None, typer.Argument(metavar="EXERCISE", help="All of them where none is named.")]
CurrentSlug = Annotated[str, typer.Argument(metavar="EXERCISE", help="The one you work at where none is named.")]


def _show_version(*, is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"proctor {__version__}")
        raise typer.Exit


@app.callback()
def proctor(
    *,
    _version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_show_version, help="Say which Proctor this is.")
    ] = False,
) -> None:
    """Grades FastAPI exercises and can prove that its grades are right."""


def main() -> None:
    """Run the command; what Proctor raises becomes a message on standard error and an exit code."""
    try:
        app()
    except ProctorError as error:
        print(f"proctor: {error}", file=sys.stderr)  # noqa: T201 - the one place that talks to the terminal by itself
        sys.exit(error.exit_code)
