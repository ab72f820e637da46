"""`proctor grade` and `proctor doctor`."""

from pathlib import Path
from typing import Annotated

import typer

from proctor.cli.app import Slugs, app
from proctor.isolation.layers import Layer
from proctor.isolation.protection import Isolation, choose
from proctor.lanes import Lanes

__all__ = ["IsolationOption", "WithoutOption"]

IsolationOption = Annotated[Isolation, typer.Option(help="How to hold submissions.")]
WithoutOption = Annotated[list[Layer] | None, typer.Option(metavar="LAYER", help="Try how it is without a layer.")]


@app.command("grade")
def grade_command(  # noqa: PLR0913 - one for each option
    slugs: Slugs = None,
    *,
    submission: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder that mirrors exercises/, which is the default.")
    ] = None,
    json: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the report as JSON.")] = None,
    junit: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the report as JUnit XML.")] = None,
    seed: Annotated[int | None, typer.Option(help="Repeat a run with the values that it drew.")] = None,
    isolation: IsolationOption = Isolation.AUTO,
    without: WithoutOption = None,
    shuffle: Annotated[int | None, typer.Option(metavar="SEED", help="Run the checks in a random order.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Grade what has not changed, too.")] = False,
) -> None:
    """Grade submissions and show the board."""
    with Lanes(choose(isolation, without or ())) as lanes:  # they get ready while the rest is imported
        from proctor.grade_course import Wish, grade_course  # noqa: PLC0415 - see above

        exit_code = grade_course(lanes, Wish(slugs or (), submission, json, junit, seed, shuffle, again))
    raise typer.Exit(exit_code)


@app.command("doctor")
def doctor_command(
    *,
    isolation: IsolationOption = Isolation.AUTO,
    without: WithoutOption = None,
) -> None:
    """Say what is wrong with this machine, and what mends it. Exit code 1 where there is a problem."""
    from proctor.learner.doctor import examine, show  # noqa: PLC0415 - `grade` does without, and is there sooner

    raise typer.Exit(show(examine(Path.cwd(), choose(isolation, without or ()))))
