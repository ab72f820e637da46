"""Grades a class: deals batches to a crew, and writes what came of them into the gradebook as it comes.

Theory of operation
-------------------
Work is looked up before it is graded. What the gradebook has a verdict for, under the same graders and circumstances,
is not graded again, whoever handed it in; and what is alike in one run is graded once, for all who handed it in. All
values are drawn from the gradebook's one seed, so that a run which was interrupted, repeated or dealt out differently
ends with the same gradebook.

At any time only a few batches are under way, and nothing is read before it is their turn: the memory that a class takes
does not grow with it. Each batch is one transaction. Whatever ends the run, the next one goes on after the last batch.

A verdict is the only thing that becomes an attempt. What is missing, cannot be read at all or could not be decided is a
receipt, one for every student and exercise.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from proctor.classroom.batch import Batch, Rules, Work, grade_batch
from proctor.classroom.class_work import HandedIn, NotThere
from proctor.classroom.engine import Crew
from proctor.errors import ProctorError
from proctor.gradebook.attempt import Attempt, Circumstances
from proctor.gradebook.class_report import RowStatus
from proctor.gradebook.gradebook import Gradebook
from proctor.gradebook.receipt import Receipt
from proctor.scorecard import Scorecard, Status
from proctor.scoring import without_verdict
from proctor.submission import Submission

__all__ = ["ClassGrader", "Tally"]

BATCH: Final = 8
"""Submissions graded in one go: a transaction for each batch, and what a crash can lose of them."""

AHEAD: Final = 3
"""Batches under way or waiting, for each member of the crew."""

_Key = tuple[str, str, str]


@dataclass
class Tally:
    """What has come of a run so far: rows by status, and how many of them had been graded before or had a twin."""

    rows: dict[RowStatus, int] = field(default_factory=lambda: dict.fromkeys(RowStatus, 0))
    graded_before: int = 0
    full: int = 0

    @property
    def count(self) -> int:
        """How many rows there are."""
        return sum(self.rows.values())

    def __str__(self) -> str:
        told = [f"{count:,} {status}" for status, count in self.rows.items() if count]
        return ", ".join(told) or "nothing to grade"

    @property
    def exit_code(self) -> int:
        """0 everybody has all points, 1 points were lost, 3 something was our fault."""
        if self.rows[RowStatus.ERROR] or (self.count and self.rows[RowStatus.UNAVAILABLE] == self.count):
            return 3
        return 0 if self.full + self.rows[RowStatus.UNAVAILABLE] == self.count else 1


@dataclass(frozen=True)
class _UnderWay:
    """A batch that is being graded."""

    future: Future[list[tuple[str, Scorecard]]]
    keys: tuple[_Key, ...]


class ClassGrader:
    """Grades work by rules into a gradebook. ``told`` hears of the tally after every batch."""

    def __init__(
        self,
        gradebook: Gradebook,
        rules: Rules,
        layers: tuple[str, ...],
        *,
        told: Callable[[Tally], None] = lambda _tally: None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._gradebook, self._rules, self._told, self._now = gradebook, rules, told, now
        self._circumstances = Circumstances(rules.seed, rules.environment, layers)
        self._waiting: dict[_Key, list[HandedIn]] = {}
        self._unreadable: dict[_Key, Scorecard] = {}
        self.tally = Tally()

    def grade(self, work: Iterable[HandedIn | NotThere], crew: Crew) -> Tally:
        """Grade all of it; return the tally. What is interrupted goes on at the next call with the same gradebook."""
        under_way: list[_UnderWay] = []
        for keys in self._batches(work):
            under_way.append(self._send(keys, crew))
            if len(under_way) >= AHEAD * crew.size:
                under_way = self._collect(under_way)
        while under_way:
            under_way = self._collect(under_way)
        return self.tally

    def _batches(self, work: Iterable[HandedIn | NotThere]) -> Iterator[tuple[_Key, ...]]:
        """Yield the keys of what has to be graded, some at a time; record everything else."""
        batch: list[_Key] = []
        known: list[tuple[HandedIn, Scorecard]] = []
        absent: list[Receipt] = []
        for item in work:
            if isinstance(item, NotThere):
                absent.append(item.receipt(self._now()))
            else:
                key = _key(item.submission)
                if key in self._waiting:
                    self._waiting[key].append(item)
                elif card := self._recall(key, item):
                    known.append((item, card))
                else:
                    self._waiting[key] = [item]
                    batch.append(key)
            if len(known) + len(absent) >= AHEAD * BATCH:
                self._record(known, absent, is_new=False)
                known, absent = [], []
            if len(batch) == BATCH:
                yield tuple(batch)
                batch = []
        self._record(known, absent, is_new=False)
        if batch:
            yield tuple(batch)

    def _recall(self, key: _Key, item: HandedIn) -> Scorecard | None:
        """Return the verdict on exactly this, if there is one."""
        submission = item.submission
        slug, digest, graders = submission.exercise.slug, submission.digest, submission.exercise.graders_digest
        if not submission.problem:
            return self._gradebook.verdict(slug, digest, graders, self._circumstances)
        if key not in self._unreadable:  # files that cannot be read are no part of the digest: the reason has to agree
            for one in self._gradebook.attempts(item.student, slug):
                card = one.scorecard
                concerns = (card.submission, card.graders, one.circumstances)
                if concerns == (digest, graders, self._circumstances) and card.message == submission.problem:
                    self._unreadable[key] = card
        return self._unreadable.get(key)

    def _send(self, keys: tuple[_Key, ...], crew: Crew) -> _UnderWay:
        work = [Work.of(str(number), self._waiting[key][0].submission) for number, key in enumerate(keys)]
        return _UnderWay(crew.executor.submit(grade_batch, Batch(self._rules, tuple(work))), keys)

    def _collect(self, under_way: list[_UnderWay]) -> list[_UnderWay]:
        """Wait until a batch is done, and record all that are; return the others."""
        done, _ = wait([one.future for one in under_way], return_when=FIRST_COMPLETED)
        for one in under_way:
            if one.future in done:
                self._record(self._results(one), [], is_new=True)
        return [one for one in under_way if one.future not in done]

    def _results(self, batch: _UnderWay) -> list[tuple[HandedIn, Scorecard]]:
        try:
            cards = dict(batch.future.result())
        except ProctorError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever ends a machine of the crew; others go on
            why = f"this was not decided, because who graded it ended: {type(error).__name__}: {error}"
            cards = {}
        else:
            why = "this was not decided"
        results: list[tuple[HandedIn, Scorecard]] = []
        for number, key in enumerate(batch.keys):
            items = self._waiting.pop(key)
            card = cards.get(str(number)) or without_verdict(items[0].submission, Status.ERROR, why)
            if items[0].submission.problem:
                self._unreadable[key] = card
            results.extend((item, card) for item in items)
        return results

    def _record(self, results: list[tuple[HandedIn, Scorecard]], absent: list[Receipt], *, is_new: bool) -> None:
        """Write verdicts and receipts as one transaction, and count them."""
        now = self._now()
        attempts = [self._attempt(item, card, now) for item, card in results if card.score is not None]
        receipts = [item.receipt(RowStatus(card.status), card.message, now) for item, card in results]
        self._gradebook.record(attempts, [*receipts, *absent])
        for receipt in (*receipts, *absent):
            self.tally.rows[receipt.status] += 1
        self.tally.full += sum(card.is_complete for _, card in results)
        self.tally.graded_before += 0 if is_new else len(results)
        if results or absent:
            self._told(self.tally)

    def _attempt(self, item: HandedIn, card: Scorecard, now: datetime) -> Attempt:
        own = item.submission.exercise.manifest.files
        files = {name: content for name, content in item.submission.files.items() if name in own}
        return Attempt(item.student, card, self._circumstances, files, item.submitted_at, now)


def _key(submission: Submission) -> _Key:
    return submission.exercise.slug, submission.digest, submission.problem
