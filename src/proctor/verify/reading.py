"""The course as far as it can be read: one manifest that is malformed does not keep the others from being audited."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from proctor.catalog import SHARED_CHECKS, CourseFile, Exercise, load_exercise
from proctor.errors import CourseError, UsageError, did_you_mean
from proctor.toml_file import read_toml, validated
from proctor.verify.finding import Finding, Flaw

__all__ = ["Reading", "every_folder_is_an_exercise", "read_course", "the_manifest_is_well_formed"]

ROOMS: Final = ("exercises", "graders", "solutions")


@dataclass(frozen=True)
class Reading:
    """What there is: the slugs in the order of the course, the exercises among them, and why others are none."""

    root: Path
    order: tuple[str, ...]
    exercises: Mapping[str, Exercise]
    unreadable: Mapping[str, Finding]

    def select(self, slugs: Sequence[str]) -> list[str]:
        """Return the named slugs in the order of the course, or all. Raises UsageError, with the near miss."""
        for slug in slugs:
            if slug not in self.order:
                raise UsageError(f"there is no exercise `{slug}`. {did_you_mean(slug, self.order)}")
        return [slug for slug in self.order if not slugs or slug in slugs]


def read_course(root: Path) -> Reading:
    """Read the course below a folder. Raises CourseError when the list of its exercises is malformed."""
    path = root / "exercises" / "course.toml"
    entry = validated(CourseFile, read_toml(path), path)
    order = tuple(slug for chapter in entry.chapters for slug in chapter.exercises)
    exercises: dict[str, Exercise] = {}
    unreadable: dict[str, Finding] = {}
    for slug in order:
        try:
            exercises[slug] = load_exercise(root, slug)
        except CourseError as error:
            unreadable[slug] = the_manifest_is_well_formed(slug, error).found_in(
                slug, the_manifest_is_well_formed.__name__
            )
    return Reading(root, order, exercises, unreadable)


def the_manifest_is_well_formed(slug: str, error: CourseError) -> Flaw:
    """The manifest has every field that a manifest has, and no other."""
    first, _, fields = str(error).partition("\n")
    what = "the manifest is not as it should be" if fields else first.rpartition("` ")[2]
    remedy = "correct the manifest; nothing else of the exercise was looked at"
    return Flaw(f"exercises/{slug}/exercise.toml", what, remedy, fields)


def every_folder_is_an_exercise(reading: Reading) -> list[Finding]:
    """Every folder beside the exercises is one, too."""
    remedy = "name the exercise in `exercises/course.toml`, or delete the folder"
    return [
        Flaw(f"{room}/{path.name}", "belongs to no exercise of the course", remedy).found_in(
            path.name, every_folder_is_an_exercise.__name__
        )
        for room in ROOMS
        for path in sorted((reading.root / room).glob("*"))
        if path.is_dir() and path.name not in {*reading.order, "__pycache__"}
        if (room, path.name) != ("graders", SHARED_CHECKS)
    ]
