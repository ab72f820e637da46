"""`proctor new`: refuses what cannot be, puts a whole skeleton in place, and says what comes next.

Everything is written into a folder of its own first and moved when it is complete, the entry in ``course.toml`` last:
whatever goes wrong, the course has either the whole exercise or nothing of it.
"""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from proctor.errors import UsageError
from proctor.scaffold.course_file import COURSE_FILE, CourseText
from proctor.scaffold.skeleton import SKELETON, render

__all__ = ["Wish", "new_exercise"]

SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
ROOMS: Final = ("exercises", "solutions", "graders")


@dataclass(frozen=True)
class Wish:
    """What the command line asks for. Without a chapter the exercise goes to the end of the last one."""

    slug: str
    title: str | None = None
    chapter: str | None = None
    new_chapter: str | None = None


def new_exercise(root: Path, wish: Wish) -> list[str]:
    """Begin an exercise in the course below ``root``; return the lines to show.

    Raises UsageError for a name, title or chapter that cannot be, and when it cannot be written; nothing is left then.
    Raises CourseError when ``course.toml`` is malformed.
    """
    course = CourseText(root)
    _insist_on_a_slug(root, course, wish.slug)
    title = _line(wish.title, "--title") if wish.title is not None else wish.slug.replace("-", " ").capitalize()
    place = _enter(course, wish)
    try:
        _write(root, wish.slug, title, str(course))
    except OSError as error:
        raise UsageError(f"nothing was made, because it cannot be written: {error}") from error
    return list(_report(wish.slug, place))


def _insist_on_a_slug(root: Path, course: CourseText, slug: str) -> None:
    if not SLUG.fullmatch(slug):
        near = "-".join(re.findall(r"[a-z0-9]+", slug.lower()))
        advice = f"Did you mean `{near}`?" if near else "Like this: `middleware-onion`."
        raise UsageError(
            f"`{slug}` cannot be the name of an exercise: it takes lower-case words, joined by hyphens. {advice}"
        )
    if slug in course.slugs:
        raise UsageError(
            f"there is an exercise `{slug}` already, in `exercises/{slug}/`. Change that one, or choose another name."
        )
    for room in ROOMS:
        if (root / room / slug).exists():
            raise UsageError(
                f"`{room}/{slug}` is there already, though `{COURSE_FILE}` has no exercise of that name. "
                "Name it there, delete it, or choose another name."
            )


def _line(text: str, option: str) -> str:
    if not text.strip() or not text.isprintable():
        raise UsageError(f"what `{option}` gives is {text!r}: a title is one line of text, and not an empty one")
    return text.strip()


def _enter(course: CourseText, wish: Wish) -> str:
    """Enter the exercise into the text of the course; return in words where it is."""
    if wish.chapter is not None and wish.new_chapter is not None:
        raise UsageError("`--chapter` and `--new-chapter` name two places for one exercise: give one of them")
    if wish.new_chapter is not None:
        chapter = _line(wish.new_chapter, "--new-chapter")
        course.append_chapter(wish.slug, chapter)
        return f"in the new chapter `{chapter}`"
    chapter = course.chapters[-1] if wish.chapter is None else wish.chapter
    course.append(wish.slug, chapter)
    return f"at the end of the chapter `{chapter}`"


def _write(root: Path, slug: str, title: str, course: str) -> None:
    own = root / ".proctor"  # on the same disk as the course, and no part of it
    own.mkdir(exist_ok=True)
    with TemporaryDirectory(prefix="new-", dir=own) as folder:
        staged = Path(folder)
        for piece in SKELETON:
            path = staged / piece.at(slug)
            (path.parent if piece.template else path).mkdir(parents=True, exist_ok=True)
            if piece.template:
                path.write_text(render(piece, slug, title), encoding="utf-8")
        (staged / COURSE_FILE).write_bytes(course.encode())
        _move(staged, root, slug)


def _move(staged: Path, root: Path, slug: str) -> None:
    moved: list[Path] = []
    try:
        for room in ROOMS:
            (root / room).mkdir(exist_ok=True)
            moved.append((staged / room / slug).rename(root / room / slug))
        (staged / COURSE_FILE).replace(root / COURSE_FILE)
    except BaseException:
        for path in moved:
            shutil.rmtree(path)
        raise


def _report(slug: str, place: str) -> Iterator[str]:
    yield f"The exercise `{slug}` is there, {place}:"
    yield ""
    paths = [piece.at(slug) for piece in SKELETON]
    width = max(map(len, paths))
    for path, piece in zip(paths, SKELETON, strict=True):
        yield f"  {path:{width}}  {piece.about}"
    yield ""
    yield "It can be graded already: the stub gets 0 points, the reference 100. What is still to be written says TODO."
    yield f"Next: docs/authoring.md goes from here to the end; `nox -s verify -- {slug}` lists what is missing."
