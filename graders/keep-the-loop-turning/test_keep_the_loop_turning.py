"""Keep the loop turning: where a library that blocks is called, and who waits for it, seen from outside."""

from dataclasses import dataclass

import pytest

from proctor.checks import Application, Collaborator, Draw, Exchange, Stage, expect


@dataclass
class Desk:
    """The learner's application with the library that it calls."""

    stage: Stage
    price: Collaborator
    app: Application

    def ask(self, symbol: str) -> Exchange:
        """Ask for a price and do not wait."""
        return self.app.request("GET", f"/price/{symbol}")

    async def until_asked(self, *answers: Exchange) -> None:
        """Wait until the library has been called for each of the requests, and none of these calls has returned."""
        count, what = len(answers), f"{self.price.name} is called"
        if count > 1:
            what = f"{count} calls of {self.price.name} are under way at the same time"
        await self.stage.until(lambda: len(self.price.waiting) >= count or any(each.ended for each in answers), what)
        for answer in answers:
            if answer.error is not None:
                raise answer.error
        await self.stage.until(lambda: len(self.price.waiting) >= count, what)


async def open_desk(stage: Stage, *prices: str, parked: bool = False) -> Desk:
    """Return the learner's desk. Its library finds these prices, and blocks until the check goes on if it is parked."""
    found = iter(prices)

    def find(_symbol: object) -> str | None:
        return next(found, None)

    price = stage.collaborator("legacy.price", "sync", parked=parked, does=find)
    return Desk(stage, price, await stage.app("create_app", stage.object("Legacy", price=price)))


async def expect_price(answer: Exchange, symbol: str, price: str) -> None:
    """The answer comes, and has this price; what the application raised instead is the better message."""
    await answer.answered()
    if answer.error is not None:
        raise answer.error
    expect(f"the status of {answer.title}", answer.status).equals(200)
    expect(f"the body of the answer to {answer.title}", answer.json).equals({"symbol": symbol, "price": price})


@pytest.mark.points(40)
@pytest.mark.public
async def test_the_library_is_called_off_the_event_loop(stage: Stage, draw: Draw) -> None:
    """The answer has the price that legacy.price returns, which is called in another thread than the event loop's"""
    symbol, price = draw.symbol(), draw.price()
    prices = [str(price), str(price + 1)]
    desk = await open_desk(stage, *prices)
    for count, found in enumerate(prices, 1):  # of the same symbol, for prices change
        await expect_price(desk.ask(symbol), symbol, found)
        expect(f"the calls of legacy.price after {count} requests", desk.price.arguments).equals([symbol] * count)
    loop_thread = await stage.props("loop_thread")
    expect("where legacy.price was called", all(call.thread != loop_thread for call in desk.price.calls)).is_true(
        "in a thread of its own or of a pool", "in the thread of the event loop, in which nothing else runs meanwhile"
    )


@pytest.mark.points(35)
async def test_others_are_answered_meanwhile(stage: Stage, draw: Draw) -> None:
    """While legacy.price blocks, the desk answers other requests"""
    symbol, price = draw.symbol(), str(draw.price())
    desk = await open_desk(stage, price, parked=True)
    waiting = desk.ask(symbol)
    await desk.until_asked(waiting)
    other = desk.app.request("GET", "/status")
    await stage.until(lambda: other.ended, f"{other.title} is answered, while legacy.price blocks")
    await other.answered()
    expect(f"the status of {other.title} while legacy.price blocks", other.status).equals(200)
    expect(f"the body of the answer to {other.title}", other.json).equals({"status": "open"})
    desk.price.open()
    await expect_price(waiting, symbol, price)


@pytest.mark.points(25)
async def test_three_calls_at_the_same_time(stage: Stage, draw: Draw) -> None:
    """Three calls of legacy.price are under way at the same time, and each answer comes when its own has returned"""
    desk = await open_desk(stage, parked=True)
    prices = {f"{letter}{draw.symbol()}": str(draw.price()) for letter in "ABC"}
    answers = {symbol: desk.ask(symbol) for symbol in prices}
    await desk.until_asked(*answers.values())
    expect("the symbols that legacy.price was called with", desk.price.arguments).has_items(prices)
    for symbol in draw.shuffled(list(prices)):  # and the others still block
        next(call for call in desk.price.waiting if call.args[:1] == [symbol]).answer(prices[symbol])
        await expect_price(answers[symbol], symbol, prices[symbol])
