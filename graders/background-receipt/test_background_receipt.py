"""A receipt in the background: what the ledger and the mailer hear, and when, seen from outside."""

from dataclasses import dataclass

import pytest

from proctor.checks import Application, Draw, Exchange, Stage, expect
from shared_checks.after_the_answer import Receipts, expect_answer_then_ledger_then_mail

HALTED = "XYZ"


@dataclass
class Desk(Receipts):
    """The learner's application with its two collaborators."""

    app: Application

    def order(self, order_id: str, *, symbol: str = "AAPL", quantity: int = 1, gated: bool = False) -> Exchange:
        """Send an order and do not wait."""
        body = {"id": order_id, "symbol": symbol, "quantity": quantity}
        return self.app.request("POST", "/orders", json=body, gated=gated)


async def open_desk(stage: Stage, *, ledger_parked: bool = False, mailer_parked: bool = False) -> Desk:
    """Return the learner's desk."""
    ledger = stage.collaborator("ledger.record", "sync", parked=ledger_parked)
    mailer = stage.collaborator("mailer.send", parked=mailer_parked)
    app = await stage.app("create_app", stage.object("Mailer", send=mailer), stage.object("Ledger", record=ledger))
    return Desk(stage, ledger, mailer, app)


@pytest.mark.points(30)
async def test_the_answer_leaves_then_the_ledger_then_the_mail(stage: Stage, draw: Draw) -> None:
    """First the whole answer leaves, then the ledger records the order, then the mail is sent"""
    desk, order_id = await open_desk(stage, ledger_parked=True, mailer_parked=True), draw.identifier()
    await expect_answer_then_ledger_then_mail(desk, desk.order(order_id, gated=True), {"id": order_id})


@pytest.mark.points(25)
async def test_the_trader_does_not_wait(stage: Stage, draw: Draw) -> None:
    """The trader has the whole answer while ledger and mail server still take their time"""
    desk = await open_desk(stage, ledger_parked=True, mailer_parked=True)
    answer = desk.order(draw.identifier())
    await stage.until(
        lambda: answer.complete or answer.ended,
        "the answer is complete, while neither the ledger nor the mailer has returned",
    )
    await answer.response_complete()
    desk.ledger.open()
    desk.mailer.open()
    await desk.until(answer, lambda: bool(desk.mailer.calls), "the mail is sent, once the answer has left")


@pytest.mark.points(20)
@pytest.mark.public
async def test_refused_orders_leave_no_trace(stage: Stage, draw: Draw) -> None:
    """An accepted order is entered and mailed; a refused one is neither"""
    desk, order_id = await open_desk(stage), draw.identifier()
    answer = await desk.order(order_id).answered()
    await desk.until_done(answer)
    for reason, status, symbol, quantity in (
        ("an order for a halted symbol", 409, HALTED, 1),
        ("an order for no shares", 422, "AAPL", 0),
    ):
        refused = await desk.order(draw.identifier(), symbol=symbol, quantity=quantity).answered()
        await stage.settled()
        expect(f"the status of {reason}", refused.status).equals(status)
        expect(f"the orders in the ledger after {reason}", desk.ledger.arguments).equals([order_id])
        expect(f"the orders that were mailed after {reason}", desk.mailer.arguments).equals([order_id])


@pytest.mark.points(15)
async def test_the_ledger_blocks_no_other_request(stage: Stage, draw: Draw) -> None:
    """While the ledger writes, the desk answers other requests"""
    desk = await open_desk(stage, ledger_parked=True)
    order = desk.order(draw.identifier())
    await desk.until(order, lambda: bool(desk.ledger.calls), "the ledger records the order")
    symbol = draw.symbol()
    quote = await desk.app.request("GET", f"/quotes/{symbol}").response_complete()
    expect(f"the status of {quote.title} while the ledger writes", quote.status).equals(200)
    expect(f"the body of the answer to {quote.title}", quote.json).equals({"symbol": symbol, "price": "101.50"})


@pytest.mark.points(10)
async def test_every_order_is_entered_and_mailed_once(stage: Stage, draw: Draw) -> None:
    """Two orders under way at the same time are each entered and mailed once, under their own ids"""
    desk = await open_desk(stage, ledger_parked=True)
    slow_id, quick_id = f"slow-{draw.identifier()}", f"quick-{draw.identifier()}"
    slow = desk.order(slow_id, gated=True)
    await stage.until(lambda: bool(slow.messages or desk.work) or slow.ended, "the answer to the first order begins")
    await stage.settled()
    quick = desk.order(quick_id)
    await desk.until(quick, lambda: bool(desk.ledger.calls), "the ledger records the order whose answer has left")
    slow.permit(100)
    await stage.settled()  # the ledger has both orders in hand, unless one has to wait for the other
    desk.ledger.open()
    for answer in (quick, slow):
        await answer.answered()
    await desk.until_done(quick)
    expect("how often the ledger was called for two orders", len(desk.ledger.calls)).equals(2)
    expect("the orders in the ledger", desk.ledger.arguments).has_items([slow_id, quick_id])
    expect("the orders that were mailed", desk.mailer.arguments).has_items([slow_id, quick_id])
