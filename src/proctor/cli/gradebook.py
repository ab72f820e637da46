"""`proctor gradebook`: what is known of a class, what a teacher decides about it, and the data of one student."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from proctor.errors import UsageError

if TYPE_CHECKING:
    from proctor.gradebook.desk import Desk, Wish
    from proctor.gradebook.gradebook import Gradebook

__all__ = ["gradebook_app"]

DEFAULT: Final = Path("gradebook.sqlite3")

gradebook_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Show the gradebook of a class, decide what no check can, and export or forget a student.",
)

OneStudent = Annotated[str, typer.Argument(metavar="STUDENT", help="The id in the roster.")]
Students = Annotated[str, typer.Argument(metavar="STUDENT", help="The id in the roster, or `all`.")]
OneExercise = Annotated[str, typer.Argument(metavar="EXERCISE", help="The exercise, or the id of what is by hand.")]
Points = Annotated[str, typer.Argument(metavar="POINTS", help="Such as 80 or 12.5.")]
Reason = Annotated[str, typer.Option(metavar="TEXT", help="Why. The student may read it.")]
Author = Annotated[str, typer.Option(metavar="NAME", help="Who decides: your name on this machine.")]
Withdraw = Annotated[bool, typer.Option("--withdraw", help="Put an end to what is in force.")]
GradebookFile = Annotated[Path, typer.Option("--gradebook", metavar="FILE", help="The gradebook.")]
ClassFileName = Annotated[
    Path | None, typer.Option("--class", metavar="FILE", help="The class file: class.toml beside the gradebook.")
]


@gradebook_app.command("show")
def show_command(
    student: Annotated[str, typer.Argument(metavar="STUDENT", help="The whole class where nobody is named.")] = "",
    *,
    gradebook: GradebookFile = DEFAULT,
    class_file: ClassFileName = None,
) -> None:
    """Show the grades of a class, or how those of one student came about."""
    from proctor.gradebook.show import show_class, show_student  # noqa: PLC0415 - `grade` does without, and starts sooner
    from proctor.terminal import Terminal  # noqa: PLC0415 - same

    with _desk(gradebook, class_file) as desk:
        if student:
            show_student(Terminal(), desk.report(), desk.student(student).id, desk.class_file.zone)
        else:
            show_class(Terminal(), desk.report())


@gradebook_app.command("override")
def override_command(
    student: OneStudent,
    exercise: OneExercise,
    points: Points = "",
    *,
    reason: Reason,
    author: Author = "",
    withdraw: Withdraw = False,
    gradebook: GradebookFile = DEFAULT,
    class_file: ClassFileName = None,
) -> None:
    """Say what the points are, whatever the checks gave and however late it was."""
    from proctor.gradebook.decision import DecisionKind  # noqa: PLC0415 - as above
    from proctor.gradebook.desk import Wish  # noqa: PLC0415 - same

    wish = Wish(DecisionKind.OVERRIDE, student, exercise, reason, author, points, withdraw)
    _decide(wish, gradebook, class_file)


@gradebook_app.command("give", context_settings={"ignore_unknown_options": True})  # so that -5 is a number
def give_command(
    student: OneStudent,
    exercise: OneExercise,
    points: Points = "",
    *,
    reason: Reason,
    author: Author = "",
    withdraw: Withdraw = False,
    gradebook: GradebookFile = DEFAULT,
    class_file: ClassFileName = None,
) -> None:
    """Add points by hand to what the checks gave, or take some off: -5."""
    from proctor.gradebook.decision import DecisionKind  # noqa: PLC0415 - as above
    from proctor.gradebook.desk import Wish  # noqa: PLC0415 - same

    wish = Wish(DecisionKind.GIVEN, student, exercise, reason, author, points, withdraw)
    _decide(wish, gradebook, class_file)


@gradebook_app.command("extend")
def extend_command(
    student: Students,
    exercise: OneExercise,
    until: Annotated[str, typer.Argument(metavar="UNTIL", help="Such as 2026-12-03T23:59.")] = "",
    *,
    reason: Reason,
    author: Author = "",
    withdraw: Withdraw = False,
    gradebook: GradebookFile = DEFAULT,
    class_file: ClassFileName = None,
) -> None:
    """Say when an exercise is due for a student, or for everybody."""
    from proctor.gradebook.decision import DecisionKind  # noqa: PLC0415 - as above
    from proctor.gradebook.desk import Wish  # noqa: PLC0415 - same

    wish = Wish(DecisionKind.EXTENSION, student, exercise, reason, author, until, withdraw)
    _decide(wish, gradebook, class_file)


@gradebook_app.command("excuse")
def excuse_command(
    student: Students,
    exercise: OneExercise,
    *,
    reason: Reason,
    author: Author = "",
    withdraw: Withdraw = False,
    gradebook: GradebookFile = DEFAULT,
    class_file: ClassFileName = None,
) -> None:
    """Leave an exercise out of the grade of a student, or of everybody."""
    from proctor.gradebook.decision import DecisionKind  # noqa: PLC0415 - as above
    from proctor.gradebook.desk import Wish  # noqa: PLC0415 - same

    wish = Wish(DecisionKind.EXCUSE, student, exercise, reason, author, withdraw=withdraw)
    _decide(wish, gradebook, class_file)


@gradebook_app.command("export")
def export_command(student: OneStudent, *, gradebook: GradebookFile = DEFAULT) -> None:
    """Print everything that is stored about a student, as JSON."""
    with _open(gradebook) as opened:
        typer.echo(opened.export(student), nl=False)


@gradebook_app.command("forget")
def forget_command(
    student: OneStudent,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do it: nothing brings it back.")] = False,
    gradebook: GradebookFile = DEFAULT,
) -> None:
    """Remove everything that is stored about a student."""
    with _open(gradebook) as opened:
        if not yes:
            opened.export(student)  # who is not there is told first
            raise UsageError(
                f"everything about `{student}` would be removed, and nothing brings it back. "
                f"`proctor gradebook export {student}` prints it; add `--yes` to remove it"
            )
        forgotten = opened.forget(student)
    typer.echo(
        f"{student} is forgotten (attempts: {forgotten.attempts}, files: {forgotten.files}, "
        f"decisions: {forgotten.decisions}, receipts: {forgotten.receipts})."
    )
    for backup in forgotten.backups:
        typer.echo(f"This backup still holds {student}, or cannot be read; delete it, too: {backup}")


@gradebook_app.command("dump")
def dump_command(
    *,
    times: Annotated[
        bool, typer.Option("--times/--no-times", help="Say when anybody graded, and how long it took.")
    ] = True,
    gradebook: GradebookFile = DEFAULT,
) -> None:
    """Print everything as JSON Lines, always in the same order, to compare two gradebooks."""
    with _open(gradebook) as opened:
        for line in opened.dump(times=times):
            typer.echo(line, nl=False)


def _decide(wish: "Wish", gradebook: Path, class_file: Path | None) -> None:
    """Enter a decision, and say what has become of it."""
    from proctor.gradebook.show import points_in_words  # noqa: PLC0415 - as above
    from proctor.hostile_text import one_line  # noqa: PLC0415 - same

    with _desk(gradebook, class_file) as desk:
        entered = desk.decide(wish)
        rows = {
            one.student.id: row for one in desk.report().students for row in one.rows if row.exercise == wish.exercise
        }
    for decision in entered:
        row = rows[decision.student]
        typer.echo(one_line("; ".join([f"{decision.student}, {row.exercise}: {points_in_words(row)}", *row.reasons])))


@contextmanager
def _desk(gradebook: Path, class_file: Path | None) -> Generator["Desk"]:
    from proctor.gradebook.desk import open_desk  # noqa: PLC0415 - as above

    with open_desk(gradebook, class_file) as desk:
        try:
            yield desk
        finally:
            _tell(desk.gradebook.notices)


@contextmanager
def _open(gradebook: Path) -> Generator["Gradebook"]:
    from proctor.gradebook.desk import open_gradebook  # noqa: PLC0415 - as above

    with open_gradebook(gradebook) as opened:
        try:
            yield opened
        finally:
            _tell(opened.notices)


def _tell(notices: list[str]) -> None:
    for notice in notices:
        typer.echo(notice, err=True)
