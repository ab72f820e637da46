"""What came of one shard of a class, as a file that travels to whoever merges: ``proctor/shard/v1``, JSON Lines.

Theory of operation
-------------------
The machine that grades a shard runs the code of strangers, so that its file is read as the word of a stranger: every
line is validated, each digest is computed again, and nobody but the students of this shard can be spoken for. The first
line says what the shard is of: the class, the rules, the seed; the last one how many lines there were, so that a file
which was cut off is none. Between them stand attempts with their files, and receipts.

Shards that agree on all of that, and are all there, make one gradebook, whatever their order. Where one is missing its
students get receipts that say so: it is nobody's fault but ours, and costs no points.
"""

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from proctor.classroom.batch import Rules
from proctor.errors import UsageError
from proctor.gradebook.attempt import Attempt, Circumstances
from proctor.gradebook.class_report import RowStatus
from proctor.gradebook.gradebook import Gradebook
from proctor.gradebook.receipt import Receipt
from proctor.gradebook.recorded import RecordedAttempt
from proctor.gradebook.student import STUDENT_ID
from proctor.hostile_text import one_line
from proctor.scorecard import Scorecard
from proctor.shard import Shard
from proctor.submission import digest_of

__all__ = ["ShardHead", "read_head", "read_shard", "write_results"]

LONGEST_LINE: Final = 32 << 20
"""Bytes. An attempt has a few files of at most 256 KiB, and messages of bounded length."""

Read = TypeVar("Read")
StudentId = Annotated[str, Field(pattern=STUDENT_ID)]


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ShardHead(_Line):
    """What a shard is of. All but ``number`` is the same in all shards of a run.

    ``students`` are all of the class, in the order in which they were dealt out. ``graders`` maps the exercises, in the
    order of the course, to the digests of their graders.
    """

    schema_: Annotated[Literal["proctor/shard/v1"], Field(alias="schema")] = "proctor/shard/v1"
    number: Annotated[int, Field(ge=1)]
    count: Annotated[int, Field(ge=1)]
    seed: int
    environment: str
    isolation: tuple[str, ...]
    graders: Mapping[str, str]
    students: tuple[StudentId, ...]

    @property
    def shard(self) -> Shard:
        """Which part it is."""
        return Shard(self.number, self.count)

    @property
    def mine(self) -> list[str]:
        """The students of this part."""
        return self.shard.share(self.students)

    @property
    def circumstances(self) -> Circumstances:
        """What all of it was graded under."""
        return Circumstances(self.seed, self.environment, self.isolation)

    @property
    def run(self) -> dict[str, Any]:
        """What has to be the same in all shards of a run."""
        return self.model_dump(exclude={"number"})


class _AttemptLine(_Line):
    kind: Literal["attempt"] = "attempt"
    student: StudentId
    scorecard: Scorecard
    files: Mapping[str, str]
    submitted_at: datetime | None
    graded_at: datetime

    def to_attempt(self, head: ShardHead) -> Attempt:
        files = {name: base64.b64decode(content, validate=True) for name, content in self.files.items()}
        return Attempt(self.student, self.scorecard, head.circumstances, files, self.submitted_at, self.graded_at)


class _ReceiptLine(_Line):
    kind: Literal["receipt"] = "receipt"
    student: StudentId
    exercise: str
    status: RowStatus
    message: str
    submission: str
    submitted_at: datetime | None
    looked_at: datetime

    def to_receipt(self) -> Receipt:
        values = {name: getattr(self, name) for name in _ReceiptLine.model_fields if name != "kind"}
        return Receipt(**values)


class _EndLine(_Line):
    kind: Literal["end"] = "end"
    lines: int


_LINES: Final[TypeAdapter[_AttemptLine | _ReceiptLine | _EndLine]] = TypeAdapter(
    Annotated[_AttemptLine | _ReceiptLine | _EndLine, Field(discriminator="kind")]
)


def write_results(
    path: Path, gradebook: Gradebook, rules: Rules, layers: tuple[str, ...], students: Sequence[str], shard: Shard
) -> None:
    """Write what the students of a shard, of all ``students``, have in a gradebook under the rules of this run."""
    head = ShardHead(
        number=shard.number,
        count=shard.count,
        seed=rules.seed,
        environment=rules.environment,
        isolation=layers,
        graders=rules.graders,
        students=tuple(students),
    )
    mine = frozenset(head.mine)
    attempts = (
        _with_files(one, gradebook)
        for one in gradebook.attempts()
        if one.student in mine
        and one.circumstances == head.circumstances
        and head.graders.get(one.scorecard.exercise) == one.scorecard.graders
    )
    receipts = (one for one in gradebook.receipts() if one.student in mine and one.exercise in head.graders)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(_lines(head, attempts, receipts))


def _with_files(one: RecordedAttempt, gradebook: Gradebook) -> Attempt:
    files = gradebook.files(one.scorecard.submission)
    return Attempt(one.student, one.scorecard, one.circumstances, files, one.submitted_at, one.graded_at)


def _lines(head: ShardHead, attempts: Iterable[Attempt], receipts: Iterable[Receipt]) -> Iterator[str]:
    yield _json(head)
    count = 0
    for count, line in enumerate(_records(attempts, receipts), 1):  # noqa: B007 - how many there were
        yield _json(line)
    yield _json(_EndLine(lines=count))


def _records(attempts: Iterable[Attempt], receipts: Iterable[Receipt]) -> Iterator[_Line]:
    for attempt in attempts:
        yield _AttemptLine(
            student=attempt.student,
            scorecard=attempt.scorecard,
            files={name: base64.b64encode(content).decode() for name, content in sorted(attempt.files.items())},
            submitted_at=attempt.submitted_at,
            graded_at=attempt.graded_at,
        )
    for receipt in receipts:
        yield _ReceiptLine(**vars(receipt))


def _json(line: _Line) -> str:
    return line.model_dump_json(by_alias=True) + "\n"


def read_head(path: Path) -> ShardHead:
    """Read what a file is of, and nothing else. Raises UsageError where its first line is not right."""
    return _head(path, _lines_of(path))


def read_shard(path: Path) -> tuple[ShardHead, list[Attempt], list[Receipt]]:
    """Read a file as the word of a stranger. Raises UsageError, with the line, where something in it is not right."""
    lines = _lines_of(path)
    head = _head(path, lines)
    attempts: list[Attempt] = []
    receipts: dict[tuple[str, str], Receipt] = {}
    mine, number, end = frozenset(head.mine), 1, None
    for number, text in enumerate(lines, 2):
        if end is not None:
            raise _fault(path, number, "something follows the end")
        line: _AttemptLine | _ReceiptLine | _EndLine = _checked(path, number, _LINES.validate_json, text)
        match line:
            case _EndLine():
                end = line.lines
            case _AttemptLine():
                attempts.append(_believable(path, number, line, head, mine))
            case _ReceiptLine():
                _insist_on_own(path, number, line.student, line.exercise, head, mine)
                if (line.student, line.exercise) in receipts:
                    raise _fault(path, number, f"`{line.student}` has a second receipt for `{line.exercise}`")
                receipts[line.student, line.exercise] = line.to_receipt()
    if end is None or end != len(attempts) + len(receipts):
        raise _fault(path, number, "the file is cut off: grade this shard again")
    missing = next((f"{one} / {slug}" for one in head.mine for slug in head.graders if (one, slug) not in receipts), "")
    if missing:
        raise _fault(path, number, f"there is no receipt for `{missing}`")
    return head, attempts, list(receipts.values())


def _head(path: Path, lines: Iterator[bytes]) -> ShardHead:
    head = _checked(path, 1, ShardHead.model_validate_json, next(lines, b""))
    if head.number > head.count:
        raise _fault(path, 1, f"there is no shard {head.number} of {head.count}")
    return head


def _lines_of(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while line := file.readline(LONGEST_LINE):
                yield line
    except OSError as error:
        raise UsageError(f"`{path}` cannot be read: {error.strerror}") from None


def _checked(path: Path, number: int, read: Callable[[bytes], Read], text: bytes) -> Read:
    try:
        return read(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise _fault(path, number, one_line(f"{place}: {first['msg']}" if place else first["msg"], 300)) from None


def _believable(path: Path, number: int, line: _AttemptLine, head: ShardHead, mine: frozenset[str]) -> Attempt:
    card = line.scorecard
    _insist_on_own(path, number, line.student, card.exercise, head, mine)
    if card.graders != head.graders[card.exercise]:
        raise _fault(path, number, f"`{card.exercise}` was graded by other graders than the rest")
    if card.score is None or card.score > card.max_score or card.score != sum(one.score or 0 for one in card.checks):
        raise _fault(path, number, f"the points of `{line.student}` for `{card.exercise}` do not add up")
    try:
        attempt = line.to_attempt(head)
    except ValueError:
        raise _fault(path, number, "a file in it is not base64") from None
    if digest_of(attempt.files) != card.submission:
        raise _fault(path, number, "its files are not those that were graded")
    return attempt


def _insist_on_own(path: Path, number: int, student: str, exercise: str, head: ShardHead, mine: frozenset[str]) -> None:
    if student not in mine:
        raise _fault(path, number, f"`{student}` is no student of shard {head.shard}")
    if exercise not in head.graders:
        raise _fault(path, number, f"`{one_line(exercise, 100)}` is no exercise of this class")


def _fault(path: Path, line: int, what: str) -> UsageError:
    return UsageError(f"`{path}`, line {line}: {what}")
