"""``class.toml``: what a teacher says of a class, and no student. Everything in it may be left out.

It says which exercises belong to the class, what each is worth and when it is due, which attempt counts, what late work
loses, and what is graded by hand. Its times are moments: each has an offset, or the file has a ``timezone``. They are
kept with a fixed offset, so that subtracting one from another never means subtracting what two clocks on a wall show.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timezone, tzinfo
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from proctor.catalog import Course
from proctor.errors import CourseError, UsageError, did_you_mean
from proctor.gradebook.class_report import Column
from proctor.gradebook.late import LatePolicy
from proctor.scoring import FULL_SCORE
from proctor.toml_file import read_toml, validated

__all__ = ["ByHand", "ClassFile", "Counts", "ExerciseTerms", "columns_of", "moment", "read_class_file"]

ONE: Final = Decimal(1)
YEARS: Final = range(1970, 3000)


def _date_time(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    raise ValueError(f"{value!r} is no time: write one without quotes, like 2026-11-30T23:59:00+01:00")


def moment(time: datetime, zone: tzinfo | None) -> datetime:
    """Return a time with a fixed offset; one without any is what clocks show in ``zone``.

    The later moment is meant where clocks show the time twice. Raises ValueError where they never show it, and where
    there is no zone.
    """
    if time.year not in YEARS:
        raise ValueError(f"{time} is out of reach: the year should be between {YEARS[0]} and {YEARS[-1]}")
    there = time.replace(tzinfo=zone, fold=1) if time.utcoffset() is None else time
    offset = there.utcoffset()
    if offset is None:
        raise ValueError(
            f"{time} is not the same moment everywhere: write an offset behind it, as in {time.isoformat()}+01:00, or "
            'put `timezone = "Europe/Berlin"` in class.toml'
        )
    if there.astimezone(UTC).astimezone(there.tzinfo).replace(tzinfo=None) != there.replace(tzinfo=None):
        raise ValueError(f"{time} does not exist in {zone}: clocks are set forward over it")
    return there.replace(tzinfo=timezone(offset), fold=0)


Moment = Annotated[datetime, BeforeValidator(_date_time)]
Weight = Annotated[Decimal, Field(ge=0, le=1000, decimal_places=2)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


class Counts(StrEnum):
    """Which of a student's attempts at an exercise the grade is made from."""

    BEST = "best"
    LATEST = "latest"


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ExerciseTerms(_Table):
    """What holds for one exercise; what it does not say is as for all of them."""

    due: Moment | None = None
    weight: Weight | None = None


class ByHand(_Table):
    """Something that no check is for: a presentation, style. Its points are given by hand."""

    id: Slug
    title: Annotated[str, Field(min_length=1)]
    max_score: Annotated[int, Field(ge=1, le=10_000)] = FULL_SCORE
    weight: Weight = ONE


class ClassFile(_Table):
    """The whole file. Without one, `ClassFile()` has what holds then."""

    title: str = ""
    timezone: str | None = None  # before what has times: pydantic reads in this order
    counts: Counts = Counts.BEST
    only: tuple[Slug, ...] = ()
    due: Moment | None = None
    weight: Weight = ONE
    exercises: Mapping[Slug, ExerciseTerms] = Field(default_factory=dict)
    late: LatePolicy = LatePolicy()
    by_hand: tuple[ByHand, ...] = ()

    @field_validator("timezone")
    @classmethod
    def _is_known(cls, name: str | None) -> str | None:
        if name is not None:
            _zone(name)
        return name

    @field_validator("due")
    @classmethod
    def _is_a_moment(cls, due: datetime | None, info: ValidationInfo) -> datetime | None:
        return due if due is None or _lacks_zone(info) else moment(due, _zone(info.data["timezone"]))

    @field_validator("exercises")
    @classmethod
    def _are_moments(cls, exercises: Mapping[str, ExerciseTerms], info: ValidationInfo) -> Mapping[str, ExerciseTerms]:
        if _lacks_zone(info):
            return exercises
        zone = _zone(info.data["timezone"])
        return {
            slug: terms if terms.due is None else terms.model_copy(update={"due": _named(slug, terms.due, zone)})
            for slug, terms in exercises.items()
        }

    @model_validator(mode="after")
    def _names_nothing_twice(self) -> Self:
        ids = [*self.only, *(one.id for one in self.by_hand)]
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice:
            raise ValueError(f"named twice: {', '.join(f'`{one}`' for one in twice)}")
        return self

    @property
    def zone(self) -> tzinfo | None:
        """The time zone of the class, if it has one."""
        return _zone(self.timezone)

    def due_of(self, slug: str) -> datetime | None:
        """Return when an exercise is due, if ever."""
        terms = self.exercises.get(slug)
        return self.due if terms is None or terms.due is None else terms.due

    def weight_of(self, slug: str) -> Decimal:
        """Return the weight of an exercise."""
        terms = self.exercises.get(slug)
        return self.weight if terms is None or terms.weight is None else terms.weight


def read_class_file(path: Path | None, course: Course) -> ClassFile:
    """Read the class file of a course; None is a class without one.

    Raises UsageError, with every fault, its field and what it could be instead.
    """
    if path is None:
        return ClassFile()
    try:
        read = validated(ClassFile, read_toml(path), path)
    except CourseError as error:  # grading is not at fault
        raise UsageError(str(error)) from error
    faults = _unknown(read, [exercise.slug for exercise in course])
    if faults:
        raise UsageError(f"`{path}` is not as it should be:\n  " + "\n  ".join(faults))
    return read


def columns_of(course: Course, class_file: ClassFile) -> tuple[Column, ...]:
    """Return a column for each exercise of the class, as the course orders them, then what is graded by hand."""
    checked = [
        Column(
            exercise=exercise.slug,
            title=exercise.manifest.title,
            chapter=chapter.title,
            max_score=FULL_SCORE,
            weight=class_file.weight_of(exercise.slug),
            due_at=class_file.due_of(exercise.slug),
        )
        for chapter in course.chapters
        for exercise in chapter.exercises
        if not class_file.only or exercise.slug in class_file.only
    ]
    by_hand = [
        Column(exercise=one.id, title=one.title, max_score=one.max_score, weight=one.weight)
        for one in class_file.by_hand
    ]
    return (*checked, *by_hand)


def _unknown(read: ClassFile, slugs: Sequence[str]) -> list[str]:
    """Say which exercises are named that the course, or the class, has not got."""
    mine = [slug for slug in slugs if not read.only or slug in read.only]
    return [
        *(f"only: the course has no `{one}`. {did_you_mean(one, slugs)}" for one in read.only if one not in slugs),
        *(
            f"exercises: the course has no `{one}`. {did_you_mean(one, slugs)}"
            if one not in slugs
            else f"exercises: `{one}` is none of those in `only`, so it is not part of the class"
            for one in read.exercises
            if one not in mine
        ),
        *(
            f"by_hand: `{one.id}` is an exercise of the course. Choose another `id`"
            for one in read.by_hand
            if one.id in slugs
        ),
    ]


def _lacks_zone(info: ValidationInfo) -> bool:
    """Is the time zone not known because it is wrong? That is fault enough."""
    return "timezone" not in info.data


def _named(slug: str, due: datetime, zone: tzinfo | None) -> datetime:
    try:
        return moment(due, zone)
    except ValueError as error:
        raise ValueError(f"{slug}.due: {error}") from None


def _zone(name: str | None) -> tzinfo | None:
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (LookupError, OSError, ValueError):  # unknown, a folder of the database, no name at all
        raise ValueError(f'there is no time zone {name!r}: write one like "Europe/Berlin", or "UTC"') from None
