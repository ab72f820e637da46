"""`proctor classroom`, and `proctor gradebook merge`: a class is graded, on one machine or on several."""

from pathlib import Path
from typing import Annotated

import typer

from proctor.classroom.engine_name import Engine
from proctor.cli.app import app
from proctor.cli.gradebook import DEFAULT, GradebookFile, gradebook_app
from proctor.cli.grading import WithoutOption
from proctor.isolation.protection import Isolation

__all__: list[str] = []

app.add_typer(gradebook_app, name="gradebook")


@app.command("classroom")
def classroom_command(  # noqa: PLR0913 - one for each option
    submissions: Annotated[
        Path | None,
        typer.Argument(metavar="SUBMISSIONS", help="Folder, ZIP or list; without it, what is stored is graded anew."),
    ] = None,
    slugs: Annotated[
        list[str] | None, typer.Option("--exercise", metavar="EXERCISE", help="Grade this one; may be repeated.")
    ] = None,
    *,
    roster: Annotated[Path | None, typer.Option(metavar="CSV", help="Who is in the class.")] = None,
    gradebook: GradebookFile = DEFAULT,
    kind: Annotated[
        str | None,
        typer.Option(metavar="KIND", help="folders, archive, repositories, moodle or canvas, where it cannot be told."),
    ] = None,
    engine: Annotated[Engine, typer.Option(help="Who grades.")] = Engine.LOCAL,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="The Dask scheduler, such as tcp://host:8786.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Submissions at a time; as many as processors.")
    ] = None,
    shard: Annotated[str | None, typer.Option(metavar="I/N", help="Grade the I-th of N parts of the class.")] = None,
    results: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write what came of the shard, to be merged.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Draw values by this one; shards need the same.")] = None,
    isolation: Annotated[Isolation, typer.Option(help="How to hold submissions.")] = Isolation.STRICT,
    without: WithoutOption = None,
) -> None:
    """Grade a class into a gradebook; what has not changed is not graded again."""
    from proctor.classroom.command import ClassWish, grade_class  # noqa: PLC0415 - `grade` does without
    from proctor.shard import WHOLE, Shard  # noqa: PLC0415 - same

    wish = ClassWish(
        submissions=submissions,
        gradebook=gradebook,
        roster=roster,
        slugs=slugs or (),
        kind=kind,
        engine=engine,
        scheduler=scheduler,
        workers=workers,
        shard=WHOLE if shard is None else Shard.read(shard),
        results=results,
        seed=seed,
        isolation=isolation,
        without=tuple(without or ()),
    )
    raise typer.Exit(grade_class(wish))


@gradebook_app.command("merge")
def merge_command(
    shards: Annotated[list[Path], typer.Argument(metavar="RESULTS...", help="What `--results` has written.")],
    *,
    gradebook: GradebookFile = DEFAULT,
    roster: Annotated[Path | None, typer.Option(metavar="CSV", help="Who is in the class, with names.")] = None,
) -> None:
    """Make one gradebook of the results of all shards of a class."""
    from proctor.classroom.merge import merge_shards  # noqa: PLC0415 - as above

    raise typer.Exit(merge_shards(shards, gradebook, roster))
