"""A class of students who do not exist: most hand in known answers, some attack, some hand in what cannot be read.

Who hands in what follows from the number of the student alone, so that a class can be made again. Every file says whose
it is in a comment, so that no two are alike.
"""

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from proctor.catalog import Exercise

__all__ = ["GeneratedClass", "Kind", "make_class"]

_ROOT: Final = Path(__file__).parents[1]
_NAMES: Final = (
    "Example, Ada", "Łukasz “Zed” Ó Briain", "عائشة", "名前 例", "<b>Bold</b> & Sons", "Ünïcode 🦆", "O'Neil; DROP",
)  # fmt: skip
_UNREADABLE: Final = ("a syntax error", "an empty file", "a link", "a huge file", "a folder", "a binary file")


class Kind(StrEnum):
    """What sort of student it is."""

    HONEST = "honest"
    HOSTILE = "hostile"
    BROKEN = "broken"
    MISSING = "missing"


@dataclass(frozen=True)
class GeneratedClass:
    """A class on disk: the folder of its submissions, its roster, and of what kind each student is.

    ``answers`` names, by student and exercise, the known answer that was handed in: ``reference``, ``stub``,
    ``accepted/...``, ``mistake/...``; for all others an attack or what is wrong with the file.
    """

    submissions: Path
    roster: Path
    kinds: dict[str, Kind]
    answers: dict[tuple[str, str], str]


def make_class(folder: Path, exercises: list[Exercise], size: int) -> GeneratedClass:
    """Write a class of this size: of each 20 students two are hostile, one is broken and one is missing."""
    submissions = folder / "submissions"
    submissions.mkdir(parents=True)
    rows = ["student,name,email,section,team,github"]
    kinds: dict[str, Kind] = {}
    answers: dict[tuple[str, str], str] = {}
    for number in range(size):
        student = f"s{number:04}"
        kind = {4: Kind.HOSTILE, 9: Kind.BROKEN, 14: Kind.HOSTILE, 19: Kind.MISSING}.get(number % 20, Kind.HONEST)
        kinds[student] = kind
        name = _NAMES[number % len(_NAMES)].replace('"', '""')
        rows.append(f'{student},"{name}",{student}@example.edu,{"AB"[number % 2]},,gh-{student}')
        for position, exercise in enumerate(exercises):
            if kind is Kind.MISSING:
                continue
            place = submissions / student / exercise.slug
            place.mkdir(parents=True)
            answers[student, exercise.slug] = _hand_in(place, exercise, kind, number + position, student)
    roster = folder / "roster.csv"
    roster.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return GeneratedClass(submissions, roster, kinds, answers)


def _hand_in(place: Path, exercise: Exercise, kind: Kind, number: int, student: str) -> str:
    if kind is Kind.BROKEN:
        what = _UNREADABLE[number // 20 % len(_UNREADABLE)]
        _break(place / exercise.main_file, what, student)
        return what
    if kind is Kind.HOSTILE:
        attacks = _attacks()
        attack = attacks[number % len(attacks)]
        source = attack.read_bytes() + b"\n\n" + exercise.stub_files[exercise.main_file]
        files, name = {**exercise.stub_files, exercise.main_file: source}, attack.stem
    else:
        known = _known(exercise)
        name, paths = known[number * 7 % len(known)]
        files = {file: path.read_bytes() for file, path in paths.items()}
    for file, content in files.items():
        (place / file).write_bytes(content + f"\n# handed in by {student}\n".encode())
    return name


def _known(exercise: Exercise) -> list[tuple[str, dict[str, Path]]]:
    """Return right answers, which are half of them, and wrong ones."""
    names = exercise.manifest.files
    reference = ("reference", {name: exercise.solution / name for name in names})
    stub = ("stub", {name: exercise.stub / name for name in names})
    right = [reference, *((f"accepted/{one.name}", dict(one.files)) for one in exercise.accepted_variants())]
    wrong = [stub, *((f"mistake/{one.name}", dict(one.files)) for one in exercise.mistake_variants())]
    return [pair for index, one in enumerate(wrong) for pair in (right[index % len(right)], one)]


def _attacks() -> list[Path]:
    """Return the attacks that need nothing beside them, and whose outcome is the same every time."""
    folders = (_ROOT / "tests" / "hostile", _ROOT / "tests" / "attacks" / "forging")
    files = sorted(path for folder in folders for path in folder.glob("*.py"))
    return [path for path in files if "@" not in path.read_text(encoding="utf-8").replace("@app", "")]


def _break(file: Path, what: str, student: str) -> None:
    match what:
        case "a syntax error":
            file.write_text(f"def create_app(:  # {student}\n", encoding="utf-8")
        case "an empty file":
            file.touch()
        case "a link":
            file.symlink_to("/etc/passwd")
        case "a huge file":
            file.write_text(f"# {student}\n" + "#" * (300 << 10), encoding="utf-8")
        case "a folder":
            file.mkdir()
        case _:
            file.write_bytes(os.fsencode(student) + b"\0\0\0")
