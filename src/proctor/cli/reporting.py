"""`proctor report`: a result, or the grades of a class, in the format of another system."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from proctor.cli.app import app
from proctor.cli.gradebook import DEFAULT, ClassFileName
from proctor.errors import UsageError
from proctor.reports.format_name import CLASS_FORMATS, FormatName
from proctor.reports.reader import Reader

__all__: list[str] = []

_SUMMARY_FILE = "GITHUB_STEP_SUMMARY"
_EVERYBODY = "all"


@app.command("report")
def report_command(  # noqa: PLR0913 - one for each option
    name: Annotated[FormatName, typer.Argument(metavar="FORMAT", help="What it is to be.")],
    source: Annotated[
        Path | None,
        typer.Argument(
            metavar="SOURCE", help="What `grade --json` has written; for formats of a class, the gradebook."
        ),
    ] = None,
    *,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where to write it; a folder gets the name that is expected.")
    ] = None,
    reader: Annotated[Reader, typer.Option(help="Who reads it: hidden checks are left out for students.")] = (
        Reader.STUDENT
    ),
    class_file: ClassFileName = None,
    template: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The file of Canvas or Moodle that is to be filled in.")
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(metavar="EXERCISE=NAME", help="What Canvas calls an exercise: title or id; may be repeated."),
    ] = None,
    exercise: Annotated[str | None, typer.Option(metavar="EXERCISE", help="One exercise, not the final grade.")] = None,
    grade_heading: Annotated[
        str,
        typer.Option(metavar="TEXT", help="The heading of the grades in Moodle's worksheet, where it is not known."),
    ] = "",
    feedback_heading: Annotated[str, typer.Option(metavar="TEXT", help="The same of the feedback.")] = "",
    student: Annotated[str | None, typer.Option(metavar="STUDENT", help="The student of a page, or `all`.")] = None,
) -> None:
    """Write a report in the format of another system, to standard output where no file is named.

    Of one submission: annotations, classroom50, classroom-reporter, exercism, gradescope, junit, prairielearn, shields,
    step-summary (added to the summary of the step where there is one). Of a class: canvas, class, class-page, grades,
    moodle-grades, moodle-worksheet, nbgrader, student-page.
    """
    if name not in CLASS_FORMATS:
        if source is None:
            raise UsageError(
                f"`{name}` is written from a report: `proctor grade --json FILE` makes one; name that file"
            )
        _write_submission(name, source, out, reader)
        return
    from proctor.gradebook.desk import open_desk  # noqa: PLC0415 - `grade` does without, and is there sooner
    from proctor.reports.class_formats import ClassSetting, write_class, write_student_pages  # noqa: PLC0415 - same

    with open_desk(source or DEFAULT, class_file) as desk:
        if name is FormatName.STUDENT_PAGE and student == _EVERYBODY:
            if out is None or not out.is_dir():
                raise UsageError("a page for each student needs a folder: `--out FOLDER`, which has to be there")
            for file_name, content in write_student_pages(desk, reader).items():
                _write(out / file_name, content)
            return
        named = _columns(column or ())
        setting = ClassSetting(reader, template, exercise, student, named, grade_heading, feedback_heading)
        written = write_class(name, desk, setting)
    for notice in written.notices:
        typer.echo(notice, err=True)
    _write(out, written.content)


def _columns(texts: Sequence[str]) -> dict[str, str]:
    """Read `EXERCISE=NAME`. Raises UsageError for anything else."""
    pairs = [text.partition("=") for text in texts]
    wrong = next(
        (text for text, (exercise, _, name) in zip(texts, pairs, strict=True) if not (exercise and name)), None
    )
    if wrong is not None:
        raise UsageError(f"`--column {wrong}` names no column: `--column cors-desk=4711` does, with a title or an id")
    return {exercise: name for exercise, _, name in pairs}


def _write_submission(name: FormatName, source: Path, out: Path | None, reader: Reader) -> None:
    from proctor.place import insist_on_a_place  # noqa: PLC0415 - same
    from proctor.reports.formats import FORMATS, Setting, convert  # noqa: PLC0415 - `grade` is there sooner without
    from proctor.reports.step_summary import ROOM  # noqa: PLC0415 - same

    summary = os.environ.get(_SUMMARY_FILE, "") if name is FormatName.STEP_SUMMARY and out is None else ""
    target = out / FORMATS[name].file_name if out is not None and out.is_dir() else out
    insist_on_a_place(target)
    text, written_at = _read(source)
    taken = Path(summary).stat().st_size if summary and Path(summary).exists() else 0
    written = convert(name, text, str(source), Setting(reader, written_at, os.environ, ROOM - taken)).encode()
    if not summary:
        _write(target, written)
        return
    try:
        with Path(summary).open("ab") as file:
            file.write(written)
    except OSError as error:
        raise UsageError(f"`{summary}` cannot be written: {error}") from None


def _read(source: Path) -> tuple[str, datetime]:
    """Return the text of a file, and when it was written: shortly after the grading. Raises UsageError."""
    try:
        return source.read_text(encoding="utf-8"), datetime.fromtimestamp(source.stat().st_mtime, UTC)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"`{source}` cannot be read: {error}") from None


def _write(target: Path | None, content: bytes) -> None:
    """Write a file at once: a system that looks for it meets all of it or none. Raises UsageError."""
    try:
        if target is None:
            typer.echo(content, nl=False)
        elif target.exists() and not target.is_file():  # a pipe, or standard output by its name
            target.write_bytes(content)
        else:
            draft = target.with_name(f".{target.name}.draft")
            draft.write_bytes(content)
            draft.replace(target)
    except OSError as error:
        raise UsageError(f"`{target or 'standard output'}` cannot be written: {error}") from None
