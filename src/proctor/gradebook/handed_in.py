"""What a student has handed in for one exercise, and which of it counts.

A *work* is what was handed in: a digest. It has the points of its newest grading, so that a grader which was mended
takes effect; and it was handed in when that is first known of it, so that grading it again makes it no later.

With ``best`` the work with most points counts, after what late work loses. With ``latest`` the latest counts; but one
that loses points for being late only where it still gives more than the latest that does not. So nobody is worse off
for having gone on. A stub that nobody has touched is no work as long as there is another.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from proctor.gradebook.class_file import ClassFile, Counts
from proctor.gradebook.class_report import Column, RowStatus
from proctor.gradebook.late import Penalty, lateness, penalty
from proctor.gradebook.receipt import Receipt
from proctor.gradebook.recorded import RecordedAttempt
from proctor.scorecard import CheckResult, Scorecard, Status

__all__ = ["Judged", "Work", "in_order", "is_untouched", "the_one_that_counts", "works_of"]

_DECIDED: Final = frozenset({Status.GRADED, Status.UNREADABLE})


@dataclass(frozen=True)
class Work:
    """What was handed in, and what its newest ``grading`` gave: none where it was found unreadable and not graded.

    ``seen_at`` is when it was handed in last or, where nobody knows that, when it was seen last.
    """

    digest: str
    submitted_at: datetime | None
    seen_at: datetime
    message: str
    grading: RecordedAttempt | None

    @property
    def score(self) -> int:
        """What the checks gave."""
        return 0 if self.grading is None else self.grading.scorecard.score or 0

    @property
    def status(self) -> RowStatus:
        """What came of it."""
        return RowStatus.UNREADABLE if self.grading is None else RowStatus(self.grading.scorecard.status)

    @property
    def checks(self) -> tuple[CheckResult, ...]:
        """What came of each check."""
        return () if self.grading is None else self.grading.scorecard.checks

    @property
    def is_untouched(self) -> bool:
        """Is it the stub as it was?"""
        return self.grading is not None and is_untouched(self.grading.scorecard)


@dataclass(frozen=True)
class Judged:
    """A work, how late it was, and what it loses for that."""

    work: Work
    late_s: int
    penalty: Penalty

    @property
    def points(self) -> Decimal:
        """What is left of the score."""
        return max(self.work.score - self.penalty.points, Decimal(0))


def is_untouched(card: Scorecard) -> bool:
    """Tell whether what was graded is the stub as it was: only then something graded has a message."""
    return card.status is Status.GRADED and card.score == 0 and bool(card.message)


def in_order(attempts: Iterable[RecordedAttempt]) -> list[RecordedAttempt]:
    """Return attempts in an order of content: when handed in, or graded where nobody knows that, then the rest."""
    return sorted(
        attempts,
        key=lambda one: (
            one.submitted_at or one.graded_at,
            one.graded_at,
            one.scorecard.submission,
            one.scorecard.graders,
            one.student,
            one.circumstances.environment,
            one.circumstances.seed,
            one.circumstances.isolation,
        ),
    )


def works_of(attempts: Iterable[RecordedAttempt], receipts: Sequence[Receipt]) -> list[Work]:
    """Return the works of a student, or of a team, at one exercise."""
    gradings: dict[str, list[RecordedAttempt]] = defaultdict(list)
    for attempt in in_order(attempts):
        if attempt.scorecard.status in _DECIDED:
            gradings[attempt.scorecard.submission].append(attempt)
    for receipt in receipts:
        if receipt.status is RowStatus.UNREADABLE:
            gradings.setdefault(receipt.submission, [])
    works = [
        _work(digest, graded, [receipt for receipt in receipts if receipt.submission == digest])
        for digest, graded in gradings.items()
    ]
    return [work for work in works if not work.is_untouched] or works


def the_one_that_counts(
    works: Iterable[Work], column: Column, due_at: datetime | None, class_file: ClassFile
) -> Judged | None:
    """Return the work that counts, for a student for whom the exercise is due then; None where there is no work."""
    judged: list[Judged] = []
    for work in works:
        late_s = lateness(work.submitted_at, due_at)
        judged.append(Judged(work, late_s, penalty(late_s, column.max_score, class_file.late)))
    if class_file.counts is Counts.LATEST:
        whole = [one for one in judged if not one.penalty.points]
        reduced = [one for one in judged if one.penalty.points]
        judged = [
            max(group, key=lambda one: (one.work.seen_at, one.work.digest)) for group in (whole, reduced) if group
        ]
    return min(judged, key=lambda one: (-one.points, one.late_s, one.work.seen_at, one.work.digest), default=None)


def _work(digest: str, graded: Sequence[RecordedAttempt], receipts: Sequence[Receipt]) -> Work:
    newest = max(graded, key=lambda one: one.graded_at, default=None)
    times = [one.submitted_at for one in (*graded, *receipts) if one.submitted_at is not None]
    sights = [*(one.looked_at for one in receipts), *(min(one.graded_at for one in graded) for _ in graded[:1])]
    message = receipts[-1].message if newest is None else newest.scorecard.message
    return Work(digest, min(times, default=None), max(times or sights), message, newest)
