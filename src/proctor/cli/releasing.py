"""`proctor release` and `proctor reveal`: the course that students get, and what its hidden checks were."""

from pathlib import Path
from typing import Annotated

import typer

from proctor.cli.app import app
from proctor.errors import UsageError

__all__: list[str] = []

reveal_app = typer.Typer(rich_markup_mode=None)
app.add_typer(reveal_app, name="reveal")


@app.command("release")
def release_command(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The folder to be made, outside of the course.")],
    *,
    key: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where your key goes: OUT.key.json, beside the folder.")
    ] = None,
) -> None:
    """Make the course that students get: stubs, public checks, and a commitment to the hidden ones."""
    from proctor.release.command import Wish, release  # noqa: PLC0415 - `grade` does without, and is there sooner
    from proctor.terminal import Terminal  # noqa: PLC0415 - same

    release(Wish(out, key), Terminal())


@reveal_app.callback(invoke_without_command=True)
def reveal_command(
    context: typer.Context,
    *,
    key: Annotated[Path | None, typer.Option(metavar="FILE", help="The key that the release has written.")] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="The folder to be made.")] = None,
    of: Annotated[
        Path | None, typer.Option(metavar="STUDENT_TREE", help="Make sure that the key opens these commitments.")
    ] = None,
) -> None:
    """Show after the deadline what the hidden checks were; `verify` compares it with the commitments."""
    if context.invoked_subcommand is not None:
        return
    if key is None or out is None:
        raise UsageError("`proctor reveal` takes `--key FILE`, which the release has written, and `--out DIR`")
    from proctor.release.reveal import RevealWish, reveal  # noqa: PLC0415 - as above

    count = reveal(RevealWish(key, out, of))
    typer.echo(f"{out}: the checks of {count} exercises, and the program that compares them with what was promised.")
    typer.echo(
        f"Next: give the folder to your students; they run `python -I {out.name}/verify_reveal.py STUDENT_TREE`."
    )


@reveal_app.command("verify")
def verify_command(
    revealed: Annotated[Path, typer.Argument(metavar="REVEAL", help="The folder that `reveal` has made.")],
    tree: Annotated[Path, typer.Argument(metavar="STUDENT_TREE", help="What students were given.")],
) -> None:
    """Compare what is revealed with what was promised. Exit code 1 where it differs."""
    from proctor.release.verify_reveal import verify  # noqa: PLC0415 - as above

    raise typer.Exit(verify(revealed, tree))
