"""No line of what stays with the teacher is in the student tree.

Theory of operation
-------------------
What stays are *answers* (solutions and mistakes), *hidden checks* (what the cut has left of graders) and *records*
(mistakes.toml, equivalent.toml, transcripts). Their *significant* lines count: 20 characters or more without the blanks
and marks around them, and no import. They are looked for in every file of the tree, a whole line at a time and, in
prose, a whole span of code. Part of a line is not found: the unit of leaking is a line that somebody copies.

**One line** alone says little: a stub, the README that explains an interface and the answer call the same function in
the same words. So a line that the course shows learners anyway, in the stub, a given file, the README, the hints, the
stand-ins, a public check or the engine, is no secret. What is shown is read from the teacher's course and not from the
tree, or everything in the tree would count as shown. The lines of records are no secrets one by one: what a check says
when it fails is for learners.

**Lines in a row** are a copy, and what is shown says nothing about them: whoever pastes an answer into a README has
made each of its lines one that is shown. So two significant lines that follow each other in a secret are refused in
prose, and three in code, whatever is shown one by one; only a stub or a given file that has the same lines in the same
row excuses them. In two places this asks for less, since people who write the same kind of program write the same
lines. Stand-ins (``serve.py``) are held against the secrets of their own exercise. Public checks are held against
answers and records, since hidden ones that begin like them are meant to be alike; which of them goes is what the cut
decides. The engine is not looked at: it is public, and it knows no exercise.

**Ids** of hidden checks are looked for everywhere, those of one word only as the name of their function.
What the engine or a public check is called, too, gives nothing away.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, cast

from proctor.catalog import SHARED_CHECKS, Course
from proctor.release.cut import GraderCut
from proctor.release.objection import Objection

__all__ = ["SecretLines", "significant"]

SHORTEST: Final = 20
MARKS: Final = "`>#*-|\"', \t"
IMPORT: Final = re.compile(r"(from|import) ")
SPAN: Final = re.compile(r"`([^`]+)`")
WORD: Final = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
PROSE: Final = frozenset({".md", ".toml"})
IN_PROSE: Final = 2
IN_CODE: Final = 3
ENGINE: Final = "src/proctor/"
GRADERS: Final = "graders/"

Run = tuple[str, ...]


class _Kind(StrEnum):
    ANSWER = "an answer"
    CHECK = "a hidden check"
    RECORD = "a record"


@dataclass(frozen=True)
class _Secret:
    """Where a line or a run stands; ``exercise`` is empty for what several have in common."""

    kind: _Kind
    where: str
    exercise: str


@dataclass
class SecretLines:
    """What is looked for: single lines, runs of lines, and ids of hidden checks with their exercises."""

    lines: dict[str, _Secret] = field(default_factory=dict[str, _Secret])
    runs: dict[Run, list[_Secret]] = field(default_factory=dict[Run, list[_Secret]])
    ids: dict[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def of(cls, course: Course, cut: GraderCut, files: Mapping[str, bytes]) -> "SecretLines":
        """Take in what stays of a course. ``files`` is what goes, before anybody could change it in the tree."""
        secrets = cls()
        for where, texts in cut.stays.items():
            secrets.add(_Kind.CHECK, where, texts)
        for folder, kind in ((Path("solutions"), _Kind.ANSWER), (Path("graders"), _Kind.RECORD)):
            for path in _texts_below(course, folder):
                name = path.relative_to(course.root).as_posix()
                is_answer = "mistakes" in path.parts or kind is _Kind.ANSWER
                secrets.add(_Kind.ANSWER if is_answer else kind, name, [_strings(path), _read(path.read_bytes())])
        secrets._excuse(course, files)
        secrets.ids = {name: slug for slug, names in cut.hidden.items() for name in names}
        known = {word for name in files if name.startswith(ENGINE) for word in WORD.findall(_read(files[name]))}
        for name in {*known, *(name for names in cut.public.values() for name in names)}:
            secrets.ids.pop(name, None)
        return secrets

    def add(self, kind: "_Kind", where: str, texts: Iterable[str]) -> None:
        """Take in texts of one file."""
        exercise = where.split("/")[1]
        secret = _Secret(kind, where, "" if exercise == SHARED_CHECKS else exercise)
        for text in texts:
            lines = [line for _, line in significant(text)]
            if kind is not _Kind.RECORD:
                self.lines |= dict.fromkeys(lines, secret)
            for length in (IN_PROSE, IN_CODE):
                for _, run in _runs(list(enumerate(lines)), length):
                    self.runs.setdefault(run, []).append(secret)

    def _excuse(self, course: Course, files: Mapping[str, bytes]) -> None:
        """Forget single lines that are shown anyway, and runs that a stub or a given file has."""
        for name, content in files.items():
            if name.startswith((ENGINE, "exercises/", GRADERS)):
                for _, line in _with_spans(_read(content)):
                    self.lines.pop(line, None)
        for exercise in course:
            for content in (*exercise.stub_files.values(), *exercise.given.values()):
                lines = [*significant(_read(content))]
                for run in (run for length in (IN_PROSE, IN_CODE) for _, run in _runs(lines, length)):
                    self.runs.pop(run, None)

    def objections(self, name: str, content: bytes) -> Iterator[Objection]:
        """Yield what a file of the tree has of it, one objection for each kind of leak."""
        text = _read(content)
        for number, line in _with_spans(text) if not name.startswith(ENGINE) else ():
            if line in self.lines:
                what = f"has a line of {_said(self.lines[line])} in line {number}: `{line}`"
                yield Objection(name, what, "take it out, or show it in the stub or the README of its exercise")
                break
        length = IN_PROSE if Path(name).suffix in PROSE else IN_CODE
        for number, run in _runs([*significant(text)], length) if not name.startswith(ENGINE) else ():
            secrets = [secret for secret in self.runs.get(run, ()) if _counts(secret, name)]
            if secrets:
                what = f"has {length} lines in a row of {_said(secrets[0])} from line {number} on: `{run[0]}`, ..."
                yield Objection(name, what, "say it in other words, or move them into the stub if they are no secret")
                break
        words = {*WORD.findall(text)}
        for one in sorted(one for one in self.ids if f"test_{one}" in words or ("_" in one and one in words)):
            what = f"names the hidden check `{one}` of `{self.ids[one]}`"
            yield Objection(name, what, "take the name out, or make the check public")


def significant(text: str) -> Iterator[tuple[int, str]]:
    """Yield the significant lines of a text with their numbers, without the blanks and marks around them."""
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.strip(MARKS)
        if len(bare) >= SHORTEST and not IMPORT.match(bare):
            yield number, bare


def _with_spans(text: str) -> Iterator[tuple[int, str]]:
    yield from significant(text)
    for number, line in enumerate(text.splitlines(), 1):
        yield from ((number, span) for inner in SPAN.findall(line) for _, span in significant(inner))


def _runs(lines: list[tuple[int, str]], length: int) -> Iterator[tuple[int, Run]]:
    for start in range(len(lines) - length + 1):
        yield lines[start][0], tuple(line for _, line in lines[start : start + length])


def _counts(secret: _Secret, name: str) -> bool:
    """Tell whether a run in a file of that name is a leak."""
    if name.startswith(GRADERS):
        return secret.kind is not _Kind.CHECK
    is_code_of_exercise = name.startswith("exercises/") and Path(name).suffix not in PROSE
    return not is_code_of_exercise or secret.exercise in {"", name.split("/")[1]}


def _said(secret: _Secret) -> str:
    return f"{secret.kind} (`{secret.where}`)"


def _texts_below(course: Course, folder: Path) -> Iterator[Path]:
    """Yield answers and records; the checks themselves are what the cut has left."""
    for exercise in course:
        for path in sorted((course.root / folder / exercise.slug).rglob("*")):
            is_check = folder.name == "graders" and path.parent == exercise.grader and path.suffix == ".py"
            if path.is_file() and "__pycache__" not in path.parts and not is_check:
                yield path


def _strings(path: Path) -> str:
    """Return the texts that a TOML file holds, without its syntax; nothing of any other file."""
    if path.suffix != ".toml":
        return ""
    return "\n".join(_leaves(tomllib.loads(_read(path.read_bytes()))))


def _leaves(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            yield from (leaf for one in cast("list[Any]", value) for leaf in _leaves(one))
        case dict():
            yield from _leaves(list(cast("dict[str, Any]", value).values()))
        case _:
            return


def _read(content: bytes) -> str:
    return content.decode("utf-8", errors="replace")
