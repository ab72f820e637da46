"""The rule about what learners read: word for word as it is on record."""

from collections.abc import Iterator
from typing import Final

from proctor.scorecard import Status
from proctor.verify.finding import Flaw
from proctor.verify.known_answers import MISTAKE, STUB
from proctor.verify.subject import Subject
from proctor.verify.transcript import changes, path_of

__all__ = ["GRADED_RULES", "can_be_recorded"]


def learners_read_what_is_on_record(subject: Subject) -> Iterator[Flaw]:
    """What learners read for the stub and for every mistake is, word for word, what is on record."""
    if not can_be_recorded(subject):
        return
    where, diff = subject.place(path_of(subject.exercise)), changes(subject.exercise, subject.cards)
    if diff is None:
        yield Flaw(where, "is missing", "read what learners will read: `proctor verify --record` writes it")
    elif diff:
        remedy = "read the difference; if it is meant, `proctor verify --record` records it"
        yield Flaw(where, "learners read something else now", remedy, "\n".join(diff))


GRADED_RULES: Final = (learners_read_what_is_on_record,)


def can_be_recorded(subject: Subject) -> bool:
    """Tell whether every wrong answer has its verdicts: what came of our own faults is not worth recording."""
    cards = [card for name, card in subject.cards.items() if name == STUB or name.startswith(MISTAKE)]
    return bool(cards) and all(card.status in {Status.GRADED, Status.UNREADABLE} for card in cards)
