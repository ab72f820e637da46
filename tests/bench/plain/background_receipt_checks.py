"""A receipt in the background, checked by plain pytest in the submission's own process."""

from types import SimpleNamespace

from tests.bench.plain.in_process import Collaborator, Exchange, begin, submission


class Desk:
    """The learner's application with its two collaborators."""

    def __init__(self, *, ledger_parked: bool = False, mailer_parked: bool = False) -> None:
        self.work: list[str] = []
        self.ledger = Collaborator("ledger.record", self.work, parked=ledger_parked)
        self.mailer = Collaborator("mailer.send", self.work, parked=mailer_parked)
        self.app = submission("background-receipt").create_app(
            SimpleNamespace(send=self.mailer.awaited), SimpleNamespace(record=self.ledger.blocking)
        )

    def order(self, order_id: str, *, symbol: str = "AAPL", quantity: int = 1, gated: bool = False) -> Exchange:
        body = {"id": order_id, "symbol": symbol, "quantity": quantity}
        return Exchange(self.app, "POST", "/orders", json=body, gated=gated)


async def test_the_answer_leaves_then_the_ledger_then_the_mail() -> None:
    desk = Desk(ledger_parked=True, mailer_parked=True)
    order = desk.order("abc-1", gated=True)
    running = begin(order.run())
    while not order.whole_answer_is_sent:
        await order.next_message()
        assert desk.work == []
        order.permit()
    await desk.ledger.called.wait()
    assert order.status_code == 202
    assert b'"abc-1"' in order.content
    assert desk.work == ["ledger.record"]
    desk.ledger.open()
    desk.mailer.open()
    await running
    assert desk.work == ["ledger.record", "mailer.send"]


async def test_the_trader_does_not_wait() -> None:
    desk = Desk(ledger_parked=True, mailer_parked=True)
    order = desk.order("abc-1")
    running = begin(order.run())
    await order.completed.wait()
    desk.ledger.open()
    desk.mailer.open()
    await desk.mailer.called.wait()
    await running


async def test_refused_orders_leave_no_trace() -> None:
    desk = Desk()
    await desk.order("abc-1").run()
    for status, symbol, quantity in ((409, "XYZ", 1), (422, "AAPL", 0)):
        refused = await desk.order("abc-2", symbol=symbol, quantity=quantity).run()
        assert refused.status_code == status
        assert desk.ledger.calls == [["abc-1"]]
        assert desk.mailer.calls == [["abc-1"]]


async def test_the_ledger_blocks_no_other_request() -> None:
    desk = Desk(ledger_parked=True)
    running = begin(desk.order("abc-1").run())
    await desk.ledger.called.wait()
    quote = await Exchange(desk.app, "GET", "/quotes/AAPL").run()
    assert quote.status_code == 200
    assert b'"AAPL"' in quote.content
    desk.ledger.open()
    await running


async def test_every_order_is_entered_and_mailed_once() -> None:
    desk = Desk()
    slow = desk.order("slow", gated=True)
    running = begin(slow.run())
    await slow.next_message()
    await desk.order("quick").run()
    slow.permit(100)
    await running
    assert sorted(desk.ledger.calls) == [["quick"], ["slow"]]
    assert sorted(desk.mailer.calls) == [["quick"], ["slow"]]
