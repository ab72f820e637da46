"""`proctor verify`, `new` and `schema`: exercises, and the proof of their graders."""

import json as json_module
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from proctor.cli.app import Slugs, app
from proctor.errors import UsageError

__all__: list[str] = []


@app.command("verify")
def verify_command(  # noqa: PLR0913 - one for each option
    slugs: Slugs = None,
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
    from proctor.released import insist_on_all_checks  # noqa: PLC0415 - same
    from proctor.verify import Options, Repetition, verify  # noqa: PLC0415 - same

    if not repeat and (burn or shard is not None):
        raise UsageError("`--burn` and `--shard` say how to repeat: give `--repeat N`, too")
    repetition = Repetition.read(repeat, burn=burn, shard=shard) if repeat else None
    options = Options(json=json, badge=badge, mutants=mutants, record=record, again=again, repetition=repetition)
    root = find_root(Path.cwd())
    insist_on_all_checks(root, "graders are verified")
    raise typer.Exit(verify(root, slugs or (), options))


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
    from proctor.released import insist_on_all_checks  # noqa: PLC0415 - same
    from proctor.scaffold import Wish, new_exercise  # noqa: PLC0415 - same

    root = find_root(Path.cwd())
    insist_on_all_checks(root, "an exercise is begun")
    for line in new_exercise(root, Wish(slug, title, chapter, new_chapter)):
        typer.echo(line)


class Document(StrEnum):
    """What has a schema."""

    REPORT = "report"
    CLASS = "class"
    VERIFY = "verify"


@app.command("schema")
def schema_command(document: Annotated[Document, typer.Argument()] = Document.REPORT) -> None:
    """Print the JSON Schema of the report of `grade`, of a class, or of `verify`."""
    from proctor.gradebook.class_report import class_schema  # noqa: PLC0415 - `grade` does without, and is there sooner
    from proctor.scorecard import report_schema  # noqa: PLC0415 - `grade` starts its lanes before it imports this
    from proctor.verify import verify_schema  # noqa: PLC0415 - same

    schemas = {Document.REPORT: report_schema, Document.CLASS: class_schema, Document.VERIFY: verify_schema}
    typer.echo(json_module.dumps(schemas[document](), indent=2))
