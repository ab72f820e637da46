"""``exercises/course.toml`` with one more exercise in it: everything else stays as its author wrote it."""

from pathlib import Path
from typing import Any, Final, cast

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT

from proctor.catalog import CourseFile
from proctor.errors import CourseError, UsageError, did_you_mean
from proctor.toml_file import validated

__all__ = ["COURSE_FILE", "CourseText"]

COURSE_FILE: Final = "exercises/course.toml"


class CourseText:
    """The text of ``course.toml``, with its comments and its spacing."""

    def __init__(self, root: Path) -> None:
        """Read it. Raises CourseError, with file and field, when it is malformed."""
        path = root / COURSE_FILE
        try:
            self._document = tomlkit.parse(path.read_bytes().decode())  # bytes: line ends stay as they are
        except (OSError, UnicodeDecodeError, TOMLKitError) as error:
            raise CourseError(f"`{path}` cannot be read: {error}") from error
        entry = validated(CourseFile, self._document.unwrap(), path)
        self.chapters = [chapter.title for chapter in entry.chapters]
        self.slugs = [slug for chapter in entry.chapters for slug in chapter.exercises]

    def __str__(self) -> str:
        return self._document.as_string()

    def append(self, slug: str, chapter: str) -> None:
        """Enter an exercise at the end of a chapter. Raises UsageError, with the near miss, when there is none."""
        if chapter not in self.chapters:
            raise UsageError(
                f"there is no chapter `{chapter}` in `{COURSE_FILE}`. {did_you_mean(chapter, self.chapters)} "
                "`--new-chapter` begins one."
            )
        self._tables[self.chapters.index(chapter)]["exercises"].append(slug)

    def append_chapter(self, slug: str, chapter: str) -> None:
        """Begin a chapter with an exercise, after all others. Raises UsageError when there is one of that title."""
        if chapter in self.chapters:
            raise UsageError(f"there is a chapter `{chapter}` already in `{COURSE_FILE}`: ask for it with `--chapter`")
        if not isinstance(self._tables, AoT):
            raise UsageError(f"the chapters in `{COURSE_FILE}` are one inline list: write each as `[[chapters]]` first")
        text = f'[[chapters]]\ntitle = {tomlkit.string(chapter).as_string()}\nexercises = ["{slug}"]\n'
        self._document = tomlkit.parse(f"{str(self).rstrip()}\n\n{text}")

    @property
    def _tables(self) -> Any:
        return cast("Any", self._document)["chapters"]
