"""From the results of shards to one gradebook."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from proctor.classroom.grade_class import Tally
from proctor.classroom.roster import read_roster
from proctor.classroom.shard_results import ShardHead, read_shard
from proctor.errors import UsageError
from proctor.gradebook.class_report import RowStatus
from proctor.gradebook.gradebook import Gradebook
from proctor.gradebook.receipt import Receipt
from proctor.gradebook.student import Student
from proctor.shard import Shard
from proctor.terminal import Terminal

__all__ = ["merge_shards"]


def merge_shards(paths: Sequence[Path], gradebook_path: Path, roster_path: Path | None) -> int:
    """Make one gradebook of the results of shards, and show what is in it. Return 0, or 3 where something is undecided.

    A shard that is late may be merged later, into the same gradebook. What is in it does not depend on the order of the
    files. Raises UsageError where they are not of one run, or two of them are the same shard; nothing is written then.
    """
    read = [(path, *read_shard(path)) for path in paths]
    _insist_on_one_run([(path, head) for path, head, _, _ in read])
    first = read[0][1]
    students = _class_of(first, None if roster_path is None else read_roster(roster_path))
    there = {head.number for _, head, _, _ in read}
    lost = [Shard(number, first.count) for number in range(1, first.count + 1) if number not in there]
    receipts = [one for *_, some in read for one in some]
    gradebook_path.parent.mkdir(parents=True, exist_ok=True)
    with Gradebook.open(gradebook_path, seed=first.seed) as gradebook:
        gradebook.enroll(students)
        known = {(one.student, one.exercise) for one in gradebook.receipts()}  # of shards that were merged before
        absent = [one for one in _undecided(first, lost) if (one.student, one.exercise) not in known]
        gradebook.record([one for _, _, some, _ in read for one in some], [*receipts, *absent])
        tally = Tally()
        for receipt in gradebook.receipts():
            tally.rows[receipt.status] += 1
    terminal = Terminal()
    terminal.line(f"{len(paths)} of {first.count} shards, {len(students)} students, {tally.count:,} rows: {tally}")
    for student in sorted({one.student for one in absent}):
        terminal.line(f"`{student}` is undecided: no result came from that shard", "yellow")
    terminal.line(f"gradebook: {gradebook_path}")
    return 3 if tally.rows[RowStatus.ERROR] else 0


def _insist_on_one_run(heads: Sequence[tuple[Path, ShardHead]]) -> None:
    seen: dict[int, Path] = {}
    first_path, first = heads[0]
    for path, head in heads:
        if head.run != first.run:
            raise UsageError(
                f"`{path}` is not of the same run as `{first_path}`: class, graders, seed or Proctor differ"
            )
        if head.number in seen:
            raise UsageError(f"`{path}` and `{seen[head.number]}` are both shard {head.shard}: give one of them")
        seen[head.number] = path


def _class_of(head: ShardHead, roster: list[Student] | None) -> list[Student]:
    """Return the class, with names where there is a roster, which has to have the same students."""
    if roster is None:
        return [Student(id=one) for one in head.students]
    odd = sorted({one.id for one in roster}.symmetric_difference(head.students))
    if odd:
        raise UsageError(f"the roster is not the one that was graded: `{odd[0]}` is in one of them only")
    return roster


def _undecided(head: ShardHead, lost: Iterable[Shard]) -> list[Receipt]:
    """Say of every student of the shards that are missing that it is our fault."""
    now = datetime.now(UTC)
    return [
        Receipt(student, slug, RowStatus.ERROR, f"no result came from shard {shard}", "", None, now)
        for shard in lost
        for student in shard.share(head.students)
        for slug in head.graders
    ]
