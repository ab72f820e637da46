"""Work that an answer leaves behind: an entry in a ledger that blocks, and then a mail."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from proctor.checks import Collaborator, Exchange, Stage, expect

__all__ = ["Receipts", "expect_answer_then_ledger_then_mail"]


@dataclass
class Receipts:
    """The ledger and the mailer, which hear of accepted orders."""

    stage: Stage
    ledger: Collaborator
    mailer: Collaborator

    @property
    def work(self) -> list[str]:
        """What the desk did besides answering, in order."""
        return [entry for entry in self.stage.log if entry in {self.ledger.name, self.mailer.name}]

    async def until_next_part(self, answer: Exchange, known: int) -> None:
        """Wait until the answer has more parts than the known ones, or until something happens too early."""
        await self.stage.until(
            lambda: len(answer.messages) > known or answer.ended or bool(self.work), "the answer goes on"
        )
        await self.stage.settled()

    async def until(self, answer: Exchange, condition: Callable[[], bool], what: str) -> None:
        """Wait for work that an answer leaves behind; what the application raised meanwhile is the better message."""
        await self.stage.until(lambda: condition() or answer.ended, what)
        if not condition() and answer.error is not None:
            raise answer.error
        await self.stage.until(condition, what)

    async def until_done(self, answer: Exchange) -> None:
        """Wait until an accepted order has been entered and mailed, and nothing goes on any more."""
        await self.until(answer, lambda: bool(self.ledger.calls), "the ledger records the accepted order")
        await self.until(answer, lambda: bool(self.mailer.calls), "the mail for the accepted order is sent")
        await self.stage.settled()


async def expect_answer_then_ledger_then_mail(receipts: Receipts, answer: Exchange, body: dict[str, Any]) -> None:
    """First the whole answer leaves, then the ledger records the order, then the mail is sent.

    ``answer`` is the gated one to an order that is accepted, with 202 and ``body``; ledger and mailer are parked.
    """
    while not (answer.complete or answer.ended):  # each part is held back until everything else has come to rest
        await receipts.until_next_part(answer, len(answer.messages))
        expect("what the desk did before the whole answer had left", receipts.work).equals([])
        answer.permit()
    await answer.response_complete()
    expect("the status of an accepted order", answer.status).equals(202)
    expect("the body of the answer to an accepted order", answer.json).equals(body)

    await receipts.until(answer, lambda: bool(receipts.work), "the ledger records the order, once the answer has left")
    await receipts.stage.settled()
    expect("what the desk did while the ledger had not returned", sorted(receipts.work)).equals(["ledger.record"])
    receipts.ledger.open()
    receipts.mailer.open()
    await receipts.until_done(answer)
    expect("what the desk did after the answer", receipts.work).equals(["ledger.record", "mailer.send"])
