"""Many workers: fills between threads and order ids between processes, seen from outside."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

import pytest

from proctor.checks import (
    Application,
    Call,
    Collaborator,
    Draw,
    Exchange,
    Handle,
    Stage,
    StageFactory,
    WsgiApplication,
    WsgiExchange,
    expect,
)

ROUNDS = 100
"""How often a check lets somebody go on before it gives up; no right answer comes near it."""

EVERY_MESSAGE = 99

LARGEST_ID = 999
"""Above every id that a check asks for."""

UVICORN = ["uvicorn", "main:app", "--fd", "{fd}"]
TWO_WORKERS = [*UVICORN, "--workers", "2"]
GUNICORN = ["gunicorn", "wsgi:app", "--bind", "fd://{fd}", "--threads", "4"]


def carry_out(operation: Callable[..., object], call: Call) -> Callable[[], None]:
    """Do what a call asks for. Return how to answer it: with what the operation has returned, or raised."""
    try:
        value = operation(*call.args, **call.kwargs)
    except Exception as error:  # noqa: BLE001 - whatever it is, whoever called meets it
        return partial(call.fail, error)
    return partial(call.answer, value)


def is_over(exchange: Exchange) -> bool:
    """Tell whether nothing more is to come of a request."""
    return exchange.complete or exchange.ended


# Part A: threads of one process


class Desk:
    """The learner's WSGI application and its book, which answers when the check says so, and nobody about ``held``."""

    def __init__(self, stage: Stage, positions: dict[str, int]) -> None:
        self.stage, self.positions = stage, positions
        self.get = stage.collaborator("book.get", "sync", parked=True)
        self.set = stage.collaborator("book.set", "sync", parked=True)
        self.held: str | None = None
        self.app: WsgiApplication

    def read(self, symbol: str) -> int:
        """Return a position."""
        return self.positions.get(symbol, 0)

    def write(self, symbol: str, position: int) -> None:
        """Write a position."""
        self.positions[symbol] = position

    def fill(self, symbol: str, qty: int) -> WsgiExchange:
        """Send a fill and do not wait."""
        return self.app.request("POST", "/fill", json={"symbol": symbol, "qty": qty})

    async def hold(self, symbol: str, qty: int) -> WsgiExchange:
        """Send a fill, and leave it without an answer of the book, for which it waits."""
        self.held = symbol
        fill = self.fill(symbol, qty)
        await self.stage.until(lambda: bool(self.get.waiting) or fill.ended, f"book.get({symbol!r}) is called")
        if fill.ended:
            await fill.response_complete()
        expect("the symbols that book.get was called with", self.get.arguments).equals([symbol])
        return fill

    def calls(self, operation: Collaborator) -> list[Call]:
        """Return the calls of an operation that wait, except those about the symbol that is held."""
        return [call for call in operation.waiting if self.held is None or call.args[:1] != [self.held]]

    async def let_through(self, *fills: WsgiExchange) -> None:
        """Have fills end. Whoever can read a position does so before anybody writes one."""
        for _ in range(ROUNDS):
            await self.stage.settled()
            if reading := self.calls(self.get):
                for call in reading:
                    carry_out(self.read, call)()
            elif writing := self.calls(self.set):
                carry_out(self.write, writing[0])()
            elif all(map(is_over, fills)):
                break
            else:
                await self.stage.until(
                    lambda: bool(self.calls(self.get) or self.calls(self.set)) or all(map(is_over, fills)),
                    "the fills are answered",
                )
        for fill in fills:
            await fill.response_complete()


async def open_desk(stage: Stage, positions: dict[str, int]) -> Desk:
    """Return the learner's desk with these positions in its book."""
    desk = Desk(stage, positions)
    desk.app = await stage.wsgi("make_wsgi", stage.object("Book", get=desk.get, set=desk.set))
    return desk


def expect_taken(answer: WsgiExchange) -> None:
    """The answer says that a fill was booked."""
    expect("the status of a fill", answer.status_line).equals("200 OK")
    expect("Content-Type on the answer to a fill", answer.header("content-type")).equals("application/json")


@pytest.mark.points(20)
@pytest.mark.public
async def test_no_fill_is_lost(stage: Stage, draw: Draw) -> None:
    """Fills of one symbol that arrive in several threads at the same time all count"""
    symbol, start, qty = draw.symbol(), draw.number(1, 99), draw.number(100, 999)
    desk = await open_desk(stage, {symbol: start})
    fills = [desk.fill(symbol, qty) for _ in range(3)]
    await desk.let_through(*fills)
    positions = [start + qty, start + 2 * qty, start + 3 * qty]
    expect(f"the position after three fills of {qty} at once, which was {start}", desk.positions[symbol]).equals(
        positions[-1]
    )
    for fill in fills:
        expect_taken(fill)
    answers = [{"symbol": symbol, "position": position} for position in positions]
    expect("the answers to the three fills", [fill.json for fill in fills]).has_items(answers)


@pytest.mark.points(10)
async def test_symbols_do_not_wait_for_each_other(stage: Stage, draw: Draw) -> None:
    """A fill goes on while one of another symbol is between book.get and book.set"""
    slow, quick = f"A{draw.symbol()}", f"B{draw.symbol()}"
    start, bought, sold = draw.number(1, 99), draw.number(100, 499), draw.number(500, 999)
    desk = await open_desk(stage, {slow: start})
    held = await desk.hold(slow, bought)
    passing = desk.fill(quick, -sold)
    await stage.settled()
    expect("a fill, while one of another symbol is between book.get and book.set", quick in desk.get.arguments).is_true(
        "it goes on", "it waits"
    )
    await desk.let_through(passing)
    expect("the answer to the fill that went on", passing.json).equals({"symbol": quick, "position": -sold})
    desk.held = None
    await desk.let_through(held)
    expect("the answer to the fill that took longer", held.json).equals({"symbol": slow, "position": start + bought})
    expect("the book after both fills", desk.positions).equals({slow: start + bought, quick: -sold})


# Part B: processes


class SharedStore:
    """What all workers share. Each operation is one step."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}
        self.operations: dict[str, Callable[..., Any]] = {
            "store.get": self.get,
            "store.set": self.set,
            "store.incr": self.incr,
            "store.cas": self.cas,
        }

    def get(self, key: str) -> Any:
        """Return a value, or None."""
        return self._values.get(key)

    def set(self, key: str, value: Any, *, nx: bool = False) -> bool:
        """Write a value; with ``nx`` only where there is none."""
        if nx and key in self._values:
            return False
        self._values[key] = value
        return True

    def incr(self, key: str) -> int:
        """Add 1."""
        self._values[key] = self._values.get(key, 0) + 1
        return self._values[key]

    def cas(self, key: str, old: Any, new: Any) -> bool:
        """Write a value where another one stands."""
        return self._values.get(key) == old and self.set(key, new)


@dataclass
class Worker:
    """The learner's application in a process of its own, and the operations of its store."""

    stage: Stage
    app: Application
    store: list[Collaborator]

    def order(self, *, gated: bool = False) -> Exchange:
        """Send an order and do not wait."""
        return self.app.request("POST", "/orders", gated=gated)

    def calls(self) -> list[Call]:
        """Return the calls of the store that wait."""
        return [call for operation in self.store for call in operation.waiting]


async def open_worker(stages: StageFactory, shared: SharedStore) -> Worker:
    """Start one more worker."""
    stage = await stages()
    store = [stage.collaborator(name, does=operation) for name, operation in shared.operations.items()]
    methods = {operation.name.removeprefix("store."): operation for operation in store}
    app = await stage.app("create_app", stage.object("Store", **methods))
    life = await app.started()
    if "lifespan.startup.failed" in life.types:
        await life.finished()
        if life.error is not None:
            raise life.error
    return Worker(stage, app, store)


async def let_through(shared: SharedStore, workers: Sequence[Worker], orders: Sequence[Exchange]) -> None:
    """Have all orders end, with a store that waits for its calls.

    Whoever can read does so before anybody writes; one writes at a time; and who has written last learns of it first.
    """
    answers: dict[int, Callable[[], None]] = {}

    def waiting() -> list[Call]:
        return [call for worker in workers for call in worker.calls() if id(call) not in answers]

    for _ in range(ROUNDS):
        for worker in workers:
            await worker.stage.settled()
        reading = [call for call in waiting() if call.name == "store.get"]
        pending = [order for order in orders if not is_over(order)]
        if reading:
            for call in reading:
                carry_out(shared.get, call)()
        elif writing := waiting():
            answers[id(writing[0])] = carry_out(shared.operations[writing[0].name], writing[0])
        elif answers:
            answers.popitem()[1]()
        elif pending:
            await pending[0].stage.until(
                lambda order=pending[0]: bool(waiting()) or is_over(order),
                f"the answer to {pending[0].title} is complete",
            )
        else:
            break
    for order in orders:
        await order.response_complete()


def shown(order: object) -> object:
    """Return the body of an answer as it is to be shown: other numbers than a counter's differ from run to run."""
    match order:
        case {"id": int(order_id)} if order_id > LARGEST_ID:
            return {"id": f"a number above {LARGEST_ID}"}
        case _:
            return order


def id_of(order: object) -> object:
    """Return the id of an order, as it is to be shown, or what is there instead."""
    seen = shown(order)
    return cast("dict[str, object]", seen)["id"] if isinstance(seen, dict) and "id" in seen else cast("object", seen)


def expect_taken_order(which: str, answer: Exchange) -> None:
    """The order is taken; what the application raised instead is the better message."""
    if answer.status != 201 and answer.error is not None:
        raise answer.error
    expect(f"the status of {which}", answer.status).equals(201)
    expect(f"Content-Type on the answer to {which}", answer.header("content-type")).equals("application/json")


def expect_order(which: str, order: object, order_id: int) -> None:
    """The answer to an order has this id, and nothing else."""
    expect(f"the body of the answer to {which}", shown(order)).equals({"id": order_id})


@pytest.mark.points(20)
async def test_workers_share_the_ids(stages: StageFactory, draw: Draw) -> None:
    """Two workers take turns, and the ids go up by one from 1, whoever takes an order"""
    shared = SharedStore()
    workers = [await open_worker(stages, shared) for _ in range(2)]
    for order_id, number in enumerate([0, 1, *draw.shuffled([0, 0, 1, 1])], 1):
        which = f"order number {order_id}, which worker {'AB'[number]} takes"
        answer = await workers[number].order().answered()
        expect_taken_order(which, answer)
        expect_order(which, answer.json, order_id)
    slow = workers[0].order(gated=True)
    await slow.stage.settled()
    quick = workers[0].order()
    await slow.stage.settled()
    slow.permit(EVERY_MESSAGE)
    ids = [id_of((await order.answered()).json) for order in (slow, quick)]
    expect("the ids of an order whose answer leaves slowly, and of one that is taken meanwhile", ids).has_items([7, 8])


@pytest.mark.points(25)
async def test_no_id_is_given_twice(stages: StageFactory) -> None:
    """Orders that arrive at the same moment, at one worker and at two, get ids of their own, without a gap"""
    shared = SharedStore()
    workers = [await open_worker(stages, shared) for _ in range(2)]
    for worker in workers:
        for operation in worker.store:
            operation.parked = True
    orders = [workers[number].order() for number in (0, 0, 1)]
    await let_through(shared, workers, orders)
    for order in orders:
        expect_taken_order("an order, while others are under way", order)
    ids = [id_of(order.json) for order in orders]
    expect("the ids of three orders at once, two at worker A and one at worker B", ids).has_items([1, 2, 3])


# Real servers


class RealServer:
    """A real server that runs beside the stage, started with DESK_STORE."""

    def __init__(self, command: str, handle: Handle) -> None:
        self.command, self._handle = command, handle

    async def post(self, target: str, which: str, status: int, content: object = None) -> object:
        """Send a POST request, and return the body of the answer with this status, as JSON where it is that."""
        sent = b"" if content is None else json.dumps(content).encode()
        seen, body = await self._ask(target, sent)
        if seen != status:
            await self._blame(f"the status of {which}, under `{self.command}`", status, seen or "no answer")
        return _read(body)

    async def answers(self) -> None:
        """Have it answer a request to nobody in particular, in whatever way."""
        seen, _ = await self._ask("/anything", b"")
        if seen is None:
            await self._blame(f"an answer to POST /anything, under `{self.command}`", "any", "none")

    async def _ask(self, target: str, body: bytes) -> tuple[int | None, bytes]:
        match await self._handle.begin("post", target, body, in_thread=True):
            case {"status": int(status), "body": bytes(content)}:
                return status, content
            case _:
                return None, b""

    async def _blame(self, about: str, expected: object, seen: object) -> None:
        said = last_words(str(await self._handle.begin("end", in_thread=True)))
        expect(about, seen=False).is_true(str(expected), f"{seen}; the server said: {said}")

    async def order(self, which: str) -> object:
        """Send an order, and return the body of the answer."""
        return await self.post("/orders", which, 201)

    async def end(self) -> None:
        """Have it end, with all its workers."""
        await self._handle.begin("end", in_thread=True)


def _read(body: bytes) -> object:
    try:
        return cast("object", json.loads(body))
    except ValueError:
        return body


async def serve(stage: Stage, arguments: Sequence[str], store: str) -> RealServer:
    """Start a server that keeps its data in a file of this name."""
    handle = await stage.begin("serve", arguments, store, on="props", in_thread=True)
    return RealServer(" ".join([one for one in arguments if "fd" not in one and one != "--bind"]), handle)


def last_words(said: str) -> str:
    """Return the last line in which a server says what went wrong; one with a process id differs at every run."""
    lines = [line.strip() for line in said.splitlines() if not re.search(r"\[\d+\]", line)]
    errors = [line for line in lines if re.match(r"ERROR:|[\w.]+(Error|Exception|Exit)\b", line)]
    return (errors or lines or ["nothing"])[-1][:300]


@pytest.mark.points(15)
async def test_ids_survive_a_restart(stage: Stage, draw: Draw) -> None:
    """Two real servers with one DESK_STORE share the ids, which go on after a restart; another file has its own"""
    store, count = f"{draw.word()}.sqlite3", draw.number(8, 14)
    servers = [await serve(stage, UVICORN, store)]
    for order_id in range(1, count + 1):
        if order_id == 2:
            servers.append(await serve(stage, UVICORN, store))
        which = f"order number {order_id}, at server {'BA'[order_id % 2]}"
        expect_order(which, await servers[(order_id - 1) % 2].order(which), order_id)
    for server in servers:
        await server.end()
    again = await serve(stage, UVICORN, store)
    which = f"order number {count + 1}, after a restart"
    expect_order(which, await again.order(which), count + 1)
    elsewhere = await serve(stage, UVICORN, f"another-{store}")
    which = "the first order with another file as DESK_STORE"
    expect_order(which, await elsewhere.order(which), 1)


@pytest.mark.points(5)
async def test_uvicorn_starts_workers(stage: Stage, draw: Draw) -> None:
    """`uvicorn main:app --workers 2` starts, and takes orders"""
    store = f"{draw.word()}.sqlite3"
    alone = await serve(stage, UVICORN, f"alone-{store}")
    await alone.answers()  # what cannot start at all is told sooner by a server without workers
    server = await serve(stage, TWO_WORKERS, store)
    expect_order("the first order", await server.order("the first order"), 1)


@pytest.mark.points(5)
async def test_gunicorn_starts_threads(stage: Stage, draw: Draw) -> None:
    """`gunicorn --threads 4 wsgi:app` starts, and books fills"""
    server = await serve(stage, GUNICORN, f"{draw.word()}.sqlite3")
    symbols = [f"{letter}{draw.symbol()}" for letter in "AB"]
    positions = dict.fromkeys(symbols, 0)
    for number, symbol in enumerate([*symbols, *draw.shuffled(symbols * 3)], 1):
        qty = draw.number(1, 999)
        positions[symbol] += qty
        answer = await server.post("/fill", f"fill number {number}", 200, {"symbol": symbol, "qty": qty})
        expect(f"the answer to fill number {number}", answer).equals({"symbol": symbol, "position": positions[symbol]})
