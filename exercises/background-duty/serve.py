"""Stand-ins for the database, the steps and the failures, to try this exercise by hand. They print what they do.

The order and its outbox entries are committed, then it is answered, then the steps run:
    curl -i -X POST localhost:8000/orders/o-1
The ledger fails for this one, and the risk is looked at all the same:
    curl -i -X POST localhost:8000/orders/bad

At every start the outbox holds one entry that a crash has left over: the risk of `o-0`.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from itertools import count

from main import create_app


class Session:
    """Keeps what is written until it is committed."""

    def __init__(self, name: str, orders: list[str], entries: list[tuple[str, str]]) -> None:
        self.name, self.orders, self.entries = name, orders, entries
        self.written: list[tuple[str, Callable[[], None]]] = []
        self.is_open = True

    def check(self) -> None:
        if not self.is_open:
            raise RuntimeError(f"{self.name} is closed")

    async def add_order(self, order_id: str, /) -> None:
        self.check()
        self.written.append((f"+ order {order_id}", partial(self.orders.append, order_id)))

    async def add_to_outbox(self, order_id: str, step: str, /) -> None:
        self.check()
        self.written.append((f"+ {step} of {order_id}", partial(self.entries.append, (order_id, step))))

    async def remove_from_outbox(self, order_id: str, step: str, /) -> None:
        self.check()
        self.written.append((f"- {step} of {order_id}", partial(self.entries.remove, (order_id, step))))

    async def outbox(self) -> list[tuple[str, str]]:
        self.check()
        return list(self.entries)

    async def commit(self) -> None:
        self.check()
        print(f"{self.name}: commits", ", ".join(text for text, _ in self.written) or "nothing")
        for _, write in self.written:
            write()
        self.written.clear()


class Database:
    """Numbers its sessions, so that you see which one is open when."""

    def __init__(self) -> None:
        self.orders, self.entries = ["o-0"], [("o-0", "risk")]
        self.numbers = count(1)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[Session]:
        session = Session(f"session {next(self.numbers)}", self.orders, self.entries)
        print(f"{session.name}: opened")
        try:
            yield session
        finally:
            session.is_open = False
            print(f"{session.name}: closed")


async def send_receipt(order_id: str, session: Session) -> None:
    print(f"receipt: {order_id} begins, in {session.name}")
    await asyncio.sleep(1)
    print(f"receipt: {order_id} is sent")


async def enter_in_ledger(order_id: str, session: Session) -> None:
    print(f"ledger: {order_id} begins, in {session.name}")
    await asyncio.sleep(1)
    if order_id == "bad":
        raise ConnectionError("the ledger is closed")
    print(f"ledger: {order_id} is entered")


async def look_at_risk(order_id: str, session: Session) -> None:
    print(f"risk: {order_id} begins, in {session.name}")
    await asyncio.sleep(1)
    print(f"risk: {order_id} is bearable")


class Failures(list[tuple[str, str, str]]):
    """Prints every failure as it is appended."""

    def append(self, failure: tuple[str, str, str]) -> None:
        print("failures:", failure)
        super().append(failure)


STEPS = [("receipt", send_receipt), ("ledger", enter_in_ledger), ("risk", look_at_risk)]

app = create_app(STEPS, Failures(), Database())
