"""The course as it lies on disk: chapters, exercises, their manifests and their known answers."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, model_validator

from proctor.errors import CourseError, UsageError, did_you_mean
from proctor.isolation.layers import Profile
from proctor.isolation.server_programs import ServerProgram
from proctor.released import FULL_SCORE, Released, ReleasedExercise, path_of_released, read_released
from proctor.toml_file import read_toml, validated

__all__ = [
    "SHARED_CHECKS",
    "Chapter",
    "Course",
    "CourseFile",
    "Exercise",
    "Manifest",
    "Mistake",
    "Variant",
    "find_root",
    "load_course",
    "load_exercise",
]

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
FileName = Annotated[str, Field(pattern=r"^[a-z_][a-z0-9_]*\.py$")]
GivenName = Annotated[str, Field(pattern=r"^[a-z_][a-z0-9_-]*\.[a-z0-9]+$")]
ModuleName = Annotated[str, Field(pattern=r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$")]
Sentence = Annotated[str, Field(min_length=10)]
SHARED_CHECKS: Final = "shared_checks"
"""The package of `graders/` that belongs to no exercise."""

_STRICT: Final = ConfigDict(extra="forbid", frozen=True)


class Manifest(BaseModel):
    """``exercise.toml``: what an exercise says of itself."""

    model_config = _STRICT

    title: str
    summary: Sentence
    level: Annotated[int, Field(ge=1, le=3)]
    minutes: Annotated[int, Field(ge=5, le=120)]
    topics: Annotated[tuple[str, ...], Field(min_length=1)]
    prerequisites: tuple[Slug, ...] = ()
    files: Annotated[tuple[FileName, ...], Field(min_length=1)]
    given: tuple[GivenName, ...] = ()  # beside the learner's: modules, or a file of whatever kind that is read
    interface: tuple[str, ...]  # empty where the submission is a file of tests, in which no name is fixed
    preload: tuple[ModuleName, ...] = ()  # what every submission imports beyond what stages have imported anyway
    hints: Annotated[tuple[Sentence, ...], Field(min_length=3, max_length=3)]
    docs: Annotated[tuple[HttpUrl, ...], Field(min_length=1)]
    stage: Profile = Profile.PLAIN
    programs: tuple[ServerProgram, ...] = ()  # servers that no Python package brings; the stage starts them

    @model_validator(mode="after")
    def _programs_need_a_network(self) -> Self:
        if self.programs and self.stage is not Profile.SERVERS:
            raise ValueError('an exercise with `programs` starts servers: it needs `stage = "servers"`')
        return self


class Mistake(BaseModel):
    """A known wrong answer: the checks that it must fail, and the sentence that the learner must then read.

    ``seen`` tells mistakes apart that fail the same checks: each is a piece of text that some failed check's message
    must contain.
    """

    model_config = _STRICT

    fails: Annotated[tuple[str, ...], Field(min_length=1)]
    says: Sentence
    link: HttpUrl
    seen: tuple[str, ...] = ()
    evidence: str = ""


class _ChapterEntry(BaseModel):
    model_config = _STRICT

    title: str
    exercises: Annotated[tuple[Slug, ...], Field(min_length=1)]


class CourseFile(BaseModel):
    """``course.toml``: the order of the course."""

    model_config = _STRICT

    title: str
    chapters: Annotated[tuple[_ChapterEntry, ...], Field(min_length=1)]


@dataclass(frozen=True)
class Variant:
    """A known answer: a right one of ``accepted/`` or a wrong one of ``mistakes/``. ``files`` maps names to paths."""

    name: str
    files: Mapping[str, Path]


@dataclass(frozen=True)
class Exercise:
    """One exercise: the learner's files in ``exercises/``, its answer in ``solutions/``, its checks in ``graders/``.

    ``released`` is what students are told of the checks that they are not given; nothing in the teacher's course.
    """

    slug: str
    root: Path
    manifest: Manifest
    released: ReleasedExercise | None = None

    @property
    def folder(self) -> Path:
        """Where the learner works, with the given files beside the learner's."""
        return self.root / "exercises" / self.slug

    @property
    def stub(self) -> Path:
        """Where the learner's files are as they were before anybody worked on them."""
        return self.folder / ".stub"

    @property
    def solution(self) -> Path:
        """Where the reference is."""
        return self.root / "solutions" / self.slug

    @property
    def grader(self) -> Path:
        """Where the checks are."""
        return self.root / "graders" / self.slug

    @property
    def shared_checks(self) -> Path:
        """Where the package is that graders import what they have in common from; it need not exist."""
        return self.root / "graders" / SHARED_CHECKS

    @property
    def main_file(self) -> str:
        """The file of the learner that is loaded."""
        return self.manifest.files[0]

    @property
    def max_score(self) -> int:
        """What can be reached with the checks that are here: all points, or the public ones of a released course."""
        return FULL_SCORE if self.released is None else self.released.public_points

    @property
    def may_have_solution(self) -> bool:
        """Is a reference to be expected? A released course comes without, but it may have followed."""
        return self.released is None or all((self.solution / name).is_file() for name in self.manifest.files)

    @property
    def served_file(self) -> str:
        """The name of the file with stand-ins, to try the exercise by hand; nothing of it is graded."""
        return "serve.py"

    @cached_property
    def stub_files(self) -> dict[str, bytes]:
        """The learner's files as they were, by name. Raises CourseError when one is missing."""
        return self._read(self.stub, self.manifest.files, "the stub")

    @cached_property
    def given(self) -> dict[str, bytes]:
        """The files that the course provides, whatever the submission says. Raises CourseError when one is missing."""
        return self._read(self.folder, self.manifest.given, "a given file")

    def _read(self, folder: Path, names: Sequence[str], what: str) -> dict[str, bytes]:
        try:
            return {name: (folder / name).read_bytes() for name in names}
        except OSError as error:
            raise CourseError(f"`{folder}` lacks {what}: {error}") from error

    @cached_property
    def props(self) -> bytes | None:
        """The trusted module that builds objects in the stage, if the exercise has one."""
        path = self.grader / "props.py"
        return path.read_bytes() if path.is_file() else None

    @cached_property
    def mistakes(self) -> dict[str, Mistake]:
        """The declared mistakes, by name. Raises CourseError when the declaration is malformed.

        A released course has none: the sentences would give answers away.
        """
        path = self.grader / "mistakes.toml"
        if self.released is not None and not path.exists():
            return {}
        return {name: validated(Mistake, entry, path, name) for name, entry in read_toml(path).items()}

    def accepted_variants(self) -> list[Variant]:
        """Return the other right answers, by name."""
        return self._variants(self.solution / "accepted")

    def mistake_variants(self) -> list[Variant]:
        """Return the known wrong answers, by name."""
        return self._variants(self.grader / "mistakes")

    def _variants(self, folder: Path) -> list[Variant]:
        """A variant is one file, or a folder where the learner edits several files."""
        if len(self.manifest.files) == 1:
            return [Variant(path.stem, {self.main_file: path}) for path in sorted(folder.glob("*.py"))]
        folders = sorted(path for path in folder.glob("*") if path.is_dir() and path.name != "__pycache__")
        return [Variant(path.name, {name: path / name for name in self.manifest.files}) for path in folders]

    @property
    def deciding_files(self) -> list[Path]:
        """Everything that decides on a score: checks, props, given files and manifest, in an order that never changes.

        All of ``shared_checks`` counts, whatever of it the grader imports.
        """
        checks = [*self.grader.glob("*.py"), *self.shared_checks.glob("*.py")]
        paths = sorted([*checks, *(self.folder / name for name in self.manifest.given)])
        return [*paths, self.folder / "exercise.toml"]

    @cached_property
    def graders_digest(self) -> str:
        """SHA-256 over everything that decides on a score.

        In a released course that is what decides on the public points; the teacher's course has another digest.
        """
        digest = hashlib.sha256()
        for path in self.deciding_files:
            content = path.read_bytes()
            digest.update(f"{path.relative_to(self.root)}\0{len(content)}\0".encode())
            digest.update(content)
        if self.released is not None:
            digest.update(self.released.model_dump_json().encode())
        return f"sha256:{digest.hexdigest()}"


@dataclass(frozen=True)
class Chapter:
    """Exercises that belong together, in learning order."""

    title: str
    exercises: tuple[Exercise, ...]


@dataclass(frozen=True)
class Course:
    """All chapters, in learning order. ``released`` is the mark of a course that students are given."""

    title: str
    root: Path
    chapters: tuple[Chapter, ...]
    released: Released | None = None

    def __iter__(self) -> Iterator[Exercise]:
        for chapter in self.chapters:
            yield from chapter.exercises

    def exercise(self, slug: str) -> Exercise:
        """Return the exercise of that name. Raises UsageError, with the near miss, when there is none."""
        known = {exercise.slug: exercise for exercise in self}
        if slug not in known:
            raise UsageError(f"there is no exercise `{slug}`. {did_you_mean(slug, list(known))}")
        return known[slug]

    def select(self, slugs: Sequence[str]) -> list[Exercise]:
        """Return the named exercises in the order of the course, or all where none is named."""
        wanted = {self.exercise(slug).slug for slug in slugs}
        return [exercise for exercise in self if not wanted or exercise.slug in wanted]


def find_root(start: Path) -> Path:
    """Return the folder at or above ``start`` that holds a course. Raises UsageError when there is none."""
    for folder in (start, *start.parents):
        if (folder / "exercises" / "course.toml").is_file():
            return folder
    raise UsageError(f"no course at or above `{start}`: run this in the repository, where `exercises/course.toml` is")


def load_course(root: Path) -> Course:
    """Read the course below ``root``. Raises CourseError, naming file and field, when a manifest is malformed."""
    path = root / "exercises" / "course.toml"
    entry = validated(CourseFile, read_toml(path), path)
    released = read_released(root)
    chapters = [
        Chapter(chapter.title, tuple(_load_exercise(root, slug, released) for slug in chapter.exercises))
        for chapter in entry.chapters
    ]
    return Course(entry.title, root, tuple(chapters), released)


def load_exercise(root: Path, slug: str) -> Exercise:
    """Read one exercise of the course below ``root``. Raises CourseError, naming file and field."""
    return _load_exercise(root, slug, read_released(root))


def _load_exercise(root: Path, slug: str, released: Released | None) -> Exercise:
    path = root / "exercises" / slug / "exercise.toml"
    if released is not None and slug not in released.exercises:
        raise CourseError(f"`{path_of_released(root)}` says nothing of `{slug}`: it belongs to another course")
    own = None if released is None else released.exercises[slug]
    return Exercise(slug, root, validated(Manifest, read_toml(path), path), own)
