"""Contract first: what the service answers, and what it publishes, beside what the given contract promises."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from proctor.checks import Application, Draw, Exchange, Handle, Mismatch, Stage, SubmissionError, expect
from shared_checks.openapi_documents import (
    SHOWN,
    Operation,
    Schema,
    bounds_of,
    described,
    elements,
    expanded,
    kind_of,
    members,
    operations_of,
    schema_of,
)

ALICE = ("X-Trader-Token", "t-alice")
BOB = ("X-Trader-Token", "t-bob")


# What a schema promises


def facts(schema: Schema, place: str, *, bounds: bool = True) -> Iterator[tuple[str, object]]:
    """Say what a schema promises, fact by fact and each with its place; ``bounds`` are what limits values."""
    choices: list[Schema] = [{**schema, "type": each} for each in elements(schema.get("type"))]
    if not choices:
        choices = [members(each) for each in elements(schema.get("anyOf")) or elements(schema.get("oneOf")) or [schema]]
    yield f"whether {place} may be null", any(choice.get("type") == "null" for choice in choices)
    choices = [choice for choice in choices if choice.get("type") != "null"]
    if len(choices) != 1:
        yield f"how many kinds of values {place} may have", len(choices)
    for number, choice in enumerate(sorted(choices, key=lambda each: str(each.get("type"))), 1):
        yield from facts_of_kind(choice, place if len(choices) == 1 else f"{place} (kind {number})", bounds=bounds)


def facts_of_kind(schema: Schema, place: str, *, bounds: bool) -> Iterator[tuple[str, object]]:
    """Say what a schema promises that allows one kind of values."""
    if "type" in schema:
        yield f"the type of {place}", schema["type"]
    if bounds:
        for keyword, value in bounds_of(schema).items():
            yield f"the {keyword} of {place}", value
    if "items" in schema:
        yield from facts(members(schema["items"]), f"the items of {place}", bounds=bounds)
    if "properties" in schema:
        properties = members(schema["properties"])
        yield f"the properties of {place}", sorted(properties)
        yield f"the required properties of {place}", sorted(map(str, elements(schema.get("required"))))
        if bounds:
            yield f"whether {place} may have other properties", schema.get("additionalProperties") is not False
        for name, each in properties.items():
            yield from facts(members(each), f"`{name}` of {place}", bounds=bounds)


def facts_of_parameter(parameter: Schema, what: str) -> dict[str, object]:
    """Say what a parameter promises. Whether its schema allows null says nothing, as nobody can send one."""
    schema = members(parameter.get("schema"))
    found = dict(facts(schema, what))
    del found[f"whether {what} may be null"]
    return {
        f"whether {what} is required": parameter.get("required", False),
        f"the default of {what}": schema.get("default"),
        **found,
    }


def expect_facts(operation: Operation, seen: Mapping[str, object], expected: Mapping[str, object]) -> None:
    """What is published says the same as the contract, and nothing beyond it."""
    for fact in [*expected, *(fact for fact in seen if fact not in expected)]:
        said, wanted = (json.dumps(document[fact]) if fact in document else "nothing" for document in (seen, expected))
        expect(f"{fact}, for {operation.id} in /openapi.json", said == wanted).is_true(wanted, said[:SHOWN])


# The contract

HERE = Path(__file__).parent
GIVEN = HERE.parents[1] / "exercises" / HERE.name / "desk-openapi.json"
CONTRACT = {
    str(operation.id): operation for operation in operations_of(expanded(json.loads(GIVEN.read_bytes()))).values()
}
"""The operations of the given contract, by id."""


# Answers


async def open_desk(stage: Stage) -> Application:
    """Return the learner's application. Raises Mismatch when it is no object."""
    app = await stage.attribute("app", keep=True)
    if not isinstance(app, Handle):
        raise Mismatch("`app`", "an ASGI application", repr(app))
    return Application(stage, app)


@dataclass(frozen=True)
class Request:
    """A request for an operation of the contract, and what is special about it, in the learner's words."""

    operation: Operation
    what: str
    target: str
    headers: tuple[tuple[str, str], ...]
    json: Any = None
    body: bytes = b""

    @property
    def title(self) -> str:
        """Name it."""
        return f"{self.operation.id} with {self.what}"

    def begin(self, app: Application, *, hold_body: bool = False) -> Exchange:
        """Send it, without its body if so, and do not wait."""
        method = self.operation.method
        return app.request(method, self.target, self.headers, json=self.json, body=self.body, hold_body=hold_body)

    async def send(self, app: Application) -> Exchange:
        """Return the answer, whatever it is."""
        return await self.begin(app).answered()


def request(
    operation_id: str,
    what: str,
    target: str,
    *headers: tuple[str, str],
    token: tuple[str, str] | None = ALICE,
    json: Any = None,
    body: bytes = b"",
) -> Request:
    """Make a request, of Alice unless it says of whom."""
    return Request(CONTRACT[operation_id], what, target, (*([token] if token else []), *headers), json, body)


async def ask(app: Application, asked: Request, status: int) -> Exchange:
    """Return the answer to a request, which has this status and the body that the contract promises for it."""
    return answered_as_promised(asked, await asked.send(app), status)


def answered_as_promised(asked: Request, answer: Exchange, status: int) -> Exchange:
    """Return an answer, which has this status and the body that the contract promises for it."""
    expect(f"the status of {asked.title}", answer.status == status).is_true(str(status), shown(answer))
    expect_promised_body(asked, answer)
    return answer


async def ask_slowly(stage: Stage, app: Application, slow: Request, quick: Request, status: int) -> list[Exchange]:
    """Return the answers to two requests: the body of the first one arrives when the second one is answered."""
    held = slow.begin(app, hold_body=True)
    await stage.settled()
    passing = answered_as_promised(quick, await quick.send(app), status)
    held.body(json.dumps(slow.json).encode())
    return [answered_as_promised(slow, await held.answered(), status), passing]


def shown(answer: Exchange) -> str:
    """Say how a request was answered, and what was raised if anything was."""
    if answer.error is not None:
        return f"{answer.status}: {brief(answer.error)}"
    return f"{answer.status} {answer.content[:SHOWN].decode('utf-8', 'backslashreplace')}"


def brief(error: SubmissionError) -> SubmissionError:
    """Return an error without the further lines of its message."""
    return SubmissionError(error.kind, error.message.partition("\n")[0], error.frames)


def expect_promised_body(asked: Request, answer: Exchange) -> None:
    """The body is what the contract promises for this status, which is one of the contract's."""
    promised = schema_of(asked.operation.responses[str(answer.status)])
    about = f"the body of the answer {answer.status} to {asked.title}"
    if not promised:
        expect(about, answer.content).is_empty("no body")
        return
    kind = (answer.header("content-type") or "").partition(";")[0].strip().lower()
    expect(f"the Content-Type of the answer {answer.status} to {asked.title}", kind).equals("application/json")
    problem = breach_of(promised, answer.json)
    expect(about, not problem).is_true("a body as in the contract", problem)


def breach_of(schema: Schema, value: object) -> str:
    """Say where a value is not as a JSON Schema of the contract says; nothing, where it is."""
    import jsonschema  # noqa: PLC0415 - only the process that needs it pays for it

    validator: Any = jsonschema.Draft202012Validator(schema)
    error = next(validator.iter_errors(value), None)
    return "" if error is None else f"{error.json_path}: {error.message}"[:SHOWN]


def quotes(symbol: str) -> str:
    """Return the path of a quote."""
    return f"/quotes/{symbol}"


def orders(order_id: object = None) -> str:
    """Return the path of all orders, or of one."""
    return "/orders" if order_id is None else f"/orders/{order_id}"


def price(draw: Draw) -> str:
    """Draw a price of which a float would lose the last digit."""
    return f"{draw.number(1, 999)}.{draw.number(1, 9)}0"


def key(draw: Draw) -> tuple[str, str]:
    """Draw the key of an order."""
    return ("Order-Key", f"{draw.word(10)}-{draw.number(100, 999)}")


def new_order(draw: Draw, **changes: Any) -> Schema:
    """Draw an order."""
    return {
        "symbol": draw.symbol(),
        "side": draw.one_of(["buy", "sell"]),
        "quantity": draw.number(2, 9_999),
        "limit_price": price(draw),
        **changes,
    }


async def place(app: Application, draw: Draw, **changes: Any) -> Schema:
    """Place an order and return it, as it was answered."""
    order = new_order(draw, **changes)
    answer = await ask(app, request("placeOrder", "a right order", orders(), key(draw), json=order), 201)
    return members(answer.json)


def strangers(operation_id: str, target: str, draw: Draw, *headers: tuple[str, str], json: Any = None) -> list[Request]:
    """Return two requests that are right but for the token."""
    return [
        request(operation_id, "no token", target, *headers, token=None, json=json),
        request(operation_id, "an unknown token", target, *headers, token=("X-Trader-Token", draw.word()), json=json),
    ]


# Behaviour


@pytest.mark.points(6)
@pytest.mark.public
async def test_get_quote_keeps_the_contract(stage: Stage, draw: Draw) -> None:
    """As in the contract, getQuote tells anybody the price that was published last, and refuses wrong requests"""
    app, symbol = await open_desk(stage), draw.symbol()
    for published in (price(draw), price(draw)):
        await request("publishQuote", "a right price", quotes(symbol), json={"price": published}).send(app)
        answer = await ask(app, request("getQuote", "no token", quotes(symbol), token=None), 200)
        expect("the quote that getQuote returns", answer.json).equals({"symbol": symbol, "price": published})
    unknown = request("getQuote", "a symbol that has no price", quotes(f"{symbol}A"), token=None)
    await ask(app, unknown, 404)
    for wrong in (symbol.lower(), f"{symbol}ABC", f"{symbol[:3]}{draw.number(0, 9)}"):
        await ask(app, request("getQuote", f"the symbol {wrong}", quotes(wrong), token=None), 422)


@pytest.mark.points(8)
async def test_publish_quote_keeps_the_contract(stage: Stage, draw: Draw) -> None:
    """As in the contract, publishQuote answers 201 for a first price, 200 for another, and refuses wrong requests"""
    app = await open_desk(stage)
    first, last = price(draw), price(draw)
    symbols = [draw.symbol()[:1], f"{draw.symbol()}AZ"]
    for symbol in symbols:
        for what, status, value in (("a first price", 201, first), ("another price", 200, last)):
            answer = await ask(app, request("publishQuote", what, quotes(symbol), json={"price": value}), status)
            expect("the quote that publishQuote returns", answer.json).equals({"symbol": symbol, "price": value})
    symbol = symbols[-1]
    for stranger in strangers("publishQuote", quotes(symbol), draw, json={"price": first}):
        await ask(app, stranger, 401)
    wrong: list[tuple[str, Schema]] = [
        ("no price", {}),
        ("the number 189.5 as price", {"price": 189.5}),
        ("a price with one decimal", {"price": f"{draw.number(1, 999)}.5"}),
        ("a price with a comma", {"price": f"{draw.number(1, 999)},50"}),
        ("a price of seven digits before the point", {"price": f"{draw.number(1_000_000, 9_999_999)}.50"}),
        ("a property that the contract does not know", {"price": first, draw.word(): 1}),
    ]
    for what, body in wrong:
        await ask(app, request("publishQuote", what, quotes(symbol), json=body), 422)
    await ask(app, request("publishQuote", "a symbol in small letters", quotes("aapl"), json={"price": first}), 422)
    answer = await ask(app, request("getQuote", "no token", quotes(symbol), token=None), 200)
    expect("the quote after the requests that were refused", answer.json).equals({"symbol": symbol, "price": last})
    slow, quick = (
        request("publishQuote", f"a body that arrives {when}", quotes(f"{letter}X"), json={"price": price(draw)})
        for letter, when in (("S", "late"), ("Q", "at once"))
    )
    for asked, answer in zip((slow, quick), await ask_slowly(stage, app, slow, quick, 201), strict=True):
        expected = {"symbol": asked.target[-2:], "price": asked.json["price"]}
        expect(f"the quote that {asked.title} returns", answer.json).equals(expected)


@pytest.mark.points(10)
async def test_list_orders_keeps_the_contract(stage: Stage, draw: Draw) -> None:
    """As in the contract, listOrders returns the orders of all or of one symbol, and refuses wrong requests"""
    app, (one, other) = await open_desk(stage), draw.sample(["A", "BB", "CCC", "DDDDDD"], 2)
    answer = await ask(app, request("listOrders", "nothing placed", orders()), 200)
    expect("the orders before the first one is placed", answer.json).equals([])
    placed = [await place(app, draw, symbol=other if number % 3 else one) for number in range(22)]
    placed.sort(key=lambda order: order["id"])
    of_one = [order for order in placed if order["symbol"] == one]
    limit = draw.number(2, 6)
    right: list[tuple[str, str, list[Schema]]] = [
        ("no limit", "", placed[:20]),
        ("limit=1", "?limit=1", placed[:1]),
        ("limit=100", "?limit=100", placed),
        (f"symbol={one}", f"?symbol={one}", of_one),
        (f"symbol={one} and limit={limit}", f"?symbol={one}&limit={limit}", of_one[:limit]),
        ("a symbol that has no orders", "?symbol=ZZ", []),
    ]
    for what, query, expected in right:
        answer = await ask(app, request("listOrders", what, f"{orders()}{query}"), 200)
        expect(f"how many orders listOrders returns with {what}", len(elements(answer.json))).equals(len(expected))
        expect(f"the orders that listOrders returns with {what}", answer.json).equals(expected)
    for stranger in strangers("listOrders", orders(), draw):
        await ask(app, stranger, 401)
    for wrong in ("limit=0", "limit=101", "limit=-1", "limit=ten", "limit=1.5", "symbol=aapl", "symbol=ABCDEFG"):
        await ask(app, request("listOrders", wrong, f"{orders()}?{wrong}"), 422)


@pytest.mark.points(10)
async def test_place_order_keeps_the_contract(stage: Stage, draw: Draw) -> None:
    """As in the contract, placeOrder returns the order with an id, and refuses a used key and wrong requests"""
    app, used = await open_desk(stage), key(draw)
    ids: list[object] = []
    for trader, token, order_key, order in (
        ("alice", ALICE, used, new_order(draw, quantity=1)),
        ("bob", BOB, ("Order-Key", draw.word(8)), new_order(draw, quantity=10_000, limit_price=None)),
        ("alice", ALICE, ("Order-Key", f"{draw.word(39)}-"), new_order(draw, limit_price=f"{draw.number(1, 9)}.00")),
    ):
        answer = await ask(
            app, request("placeOrder", "a right order", orders(), order_key, token=token, json=order), 201
        )
        ids.append(members(answer.json).get("id"))
        expected = {**order, "id": ids[-1], "trader": trader, "status": "open"}
        expect("the order that placeOrder returns", answer.json).equals(expected)
    order = new_order(draw)
    del order["limit_price"]
    answer = await ask(app, request("placeOrder", "no limit_price", orders(), key(draw), json=order), 201)
    expect("the limit_price of an order that has none", members(answer.json).get("limit_price")).equals(None)
    ids.append(members(answer.json).get("id"))
    slow, quick = (
        request("placeOrder", f"a body that arrives {when}", orders(), key(draw), token=token, json=new_order(draw))
        for token, when in ((ALICE, "late"), (BOB, "at once"))
    )
    answers = await ask_slowly(stage, app, slow, quick, 201)
    for asked, answer, trader in zip((slow, quick), answers, ("alice", "bob"), strict=True):
        ids.append(members(answer.json).get("id"))
        expected = {**asked.json, "id": ids[-1], "trader": trader, "status": "open"}
        expect(f"the order that {asked.title} returns", answer.json).equals(expected)
    expect("how many ids six orders have", len(set(map(str, ids)))).equals(6)
    for order_key in (used, slow.headers[-1], quick.headers[-1]):
        await ask(app, request("placeOrder", "a key for the second time", orders(), order_key, json=order), 409)
    for stranger in strangers("placeOrder", orders(), draw, key(draw), json=order):
        await ask(app, stranger, 401)
    await ask(app, request("placeOrder", "no Order-Key", orders(), json=order), 422)
    for wrong in (draw.word(7), draw.word(41), draw.word(10).upper()):
        await ask(app, request("placeOrder", f"the Order-Key {wrong}", orders(), ("Order-Key", wrong), json=order), 422)
    for missing in ("symbol", "side", "quantity"):
        rest = {name: value for name, value in order.items() if name != missing}
        await ask(app, request("placeOrder", f"no {missing}", orders(), key(draw), json=rest), 422)
    changes: list[Schema] = [
        {"symbol": "aapl"},
        {"side": "hold"},
        {"quantity": 0},
        {"quantity": 10_001},
        {"quantity": "10"},
        {"quantity": True},
        {"limit_price": 12.5},
        {"limit_price": "12.5"},
        {"note": draw.word()},
    ]
    for change in changes:
        what = "".join(f"{json.dumps(value)} as {name}" for name, value in change.items())
        await ask(app, request("placeOrder", what, orders(), key(draw), json={**order, **change}), 422)
    answer = await ask(app, request("listOrders", "limit=100", f"{orders()}?limit=100"), 200)
    expect("how many orders there are when six were placed and the others refused", len(answer.json)).equals(6)


@pytest.mark.points(8)
async def test_get_order_keeps_the_contract(stage: Stage, draw: Draw) -> None:
    """As in the contract, getOrder returns an order, also a cancelled one, and refuses wrong requests"""
    app = await open_desk(stage)
    first, second = await place(app, draw), await place(app, draw)
    for order in (second, first):
        answer = await ask(app, request("getOrder", "the id of an order", orders(order["id"])), 200)
        expect("the order that getOrder returns", answer.json).equals(order)
    await request("cancelOrder", "the id of an open order", orders(first["id"])).send(app)
    answer = await ask(app, request("getOrder", "the id of a cancelled order", orders(first["id"])), 200)
    expect("the order that getOrder returns", answer.json).equals({**first, "status": "cancelled"})
    unknown = first["id"] + second["id"] + draw.number(1, 999)
    await ask(app, request("getOrder", "an id that no order has", orders(unknown)), 404)
    for stranger in strangers("getOrder", orders(first["id"]), draw):
        await ask(app, stranger, 401)
    for wrong in ("0", "-1", "one"):
        await ask(app, request("getOrder", f"the id {wrong}", orders(wrong)), 422)


@pytest.mark.points(8)
async def test_cancel_order_keeps_the_contract(stage: Stage, draw: Draw) -> None:
    """As in the contract, cancelOrder cancels one order once, and refuses wrong requests"""
    app = await open_desk(stage)
    first, second = await place(app, draw), await place(app, draw)
    for stranger in strangers("cancelOrder", orders(first["id"]), draw):
        await ask(app, stranger, 401)
    await ask(app, request("cancelOrder", "the id of an open order", orders(first["id"])), 204)
    await ask(app, request("cancelOrder", "the id of a cancelled order", orders(first["id"])), 409)
    unknown = first["id"] + second["id"] + draw.number(1, 999)
    await ask(app, request("cancelOrder", "an id that no order has", orders(unknown)), 404)
    for wrong in ("0", "-1", "one"):
        await ask(app, request("cancelOrder", f"the id {wrong}", orders(wrong)), 422)
    answer = await request("listOrders", "no limit", orders()).send(app)
    statuses = {str(order["id"]): order["status"] for order in map(members, elements(answer.json)) if "status" in order}
    expect("the first order, which was cancelled", statuses.get(str(first["id"]))).equals("cancelled")
    expect("the second order, which was not", statuses.get(str(second["id"]))).equals("open")


# The published document


async def published_by(stage: Stage) -> tuple[Application, Schema]:
    """Return the application, and the document that it publishes, references replaced."""
    app = await open_desk(stage)
    answer = await app.request("GET", "/openapi.json").answered()
    expect("the status of GET /openapi.json", answer.status == 200).is_true("200", shown(answer))
    document = answer.json
    if not members(document):
        raise Mismatch("what GET /openapi.json returns", "an OpenAPI document", shown(answer))
    return app, expanded(members(document))


def without_defaults(value: Any) -> Any:
    """Return a document without defaults: the validator would try them with whatever patterns the document has."""
    if kind_of(value) is list:
        return [without_defaults(each) for each in elements(value)]
    if kind_of(value) is not dict:
        return value
    return {name: without_defaults(each) for name, each in members(value).items() if name != "default"}


def problem_with(document: Schema) -> str:
    """Say what keeps a document from being an OpenAPI document; nothing, where it is one."""
    from openapi_spec_validator import OpenAPIV31SpecValidator  # noqa: PLC0415 - only the process that needs it pays

    if not str(document.get("openapi")).startswith("3.1."):
        return f"its version is {document.get('openapi')!r}"
    try:
        error = next(iter(OpenAPIV31SpecValidator(without_defaults(document)).iter_errors()), None)
    except RecursionError:
        return "it is too deep"
    return "" if error is None else f"{error.json_path}: {error.message}"[:SHOWN]


@pytest.mark.points(8)
@pytest.mark.public
async def test_the_document_describes_the_same_operations(stage: Stage) -> None:
    """/openapi.json is a valid OpenAPI document with the operations of the contract, and without /health"""
    app, document = await published_by(stage)
    health = await app.request("GET", "/health").answered()
    expect("the status of GET /health", health.status).equals(200)
    expect("the body of GET /health", health.json).equals({"status": "ok"})
    expect("the operations of /openapi.json", sorted(operations_of(document))).equals(
        sorted(operation.title for operation in CONTRACT.values())
    )
    problem = problem_with(document)
    expect("/openapi.json", not problem).is_true("a valid OpenAPI 3.1 document", problem)


@pytest.mark.points(5)
async def test_the_document_has_the_same_operation_ids(stage: Stage) -> None:
    """Every operation of /openapi.json has the operationId that it has in the contract"""
    _, document = await published_by(stage)
    for operation in CONTRACT.values():
        about = f"the operationId of {operation.title} in /openapi.json"
        expect(about, described(document, operation.title).id).equals(operation.id)


@pytest.mark.points(7)
async def test_the_document_has_the_same_parameters(stage: Stage) -> None:
    """Every operation of /openapi.json has the parameters of the contract, required and bounded alike"""
    _, document = await published_by(stage)
    for operation in CONTRACT.values():
        parameters = described(document, operation.title).parameters
        expect(f"the parameters of {operation.id} in /openapi.json", sorted(parameters)).equals(
            sorted(operation.parameters)
        )
        for name, parameter in operation.parameters.items():
            what = f"the {name}"
            expect_facts(operation, facts_of_parameter(parameters[name], what), facts_of_parameter(parameter, what))


@pytest.mark.points(6)
async def test_the_document_has_the_same_bodies(stage: Stage) -> None:
    """Request bodies, and the bodies of answers, are in /openapi.json as in the contract"""
    _, document = await published_by(stage)
    for operation in CONTRACT.values():
        published = described(document, operation.title)
        if operation.body:
            expect(f"whether the request body of {operation.id} is required", published.body.get("required")).equals(
                True
            )
            place = "the request body"
            expect_facts(
                operation, dict(facts(schema_of(published.body), place)), dict(facts(schema_of(operation.body), place))
            )
        for status, response in operation.responses.items():
            if status != "422" and status in published.responses:  # which ones are is for the next check
                place, seen = f"the body with {status}", schema_of(published.responses[status])
                expected = facts(schema_of(response), place, bounds=False)
                expect_facts(operation, dict(facts(seen, place, bounds=False)), dict(expected))


@pytest.mark.points(5)
async def test_the_document_has_the_same_statuses(stage: Stage) -> None:
    """Every operation of /openapi.json names the statuses of the contract, those of refusals included"""
    _, document = await published_by(stage)
    for operation in CONTRACT.values():
        about = f"the statuses of {operation.id} in /openapi.json"
        expect(about, sorted(described(document, operation.title).responses)).equals(sorted(operation.responses))


@pytest.mark.points(4)
async def test_the_document_asks_for_the_same_token(stage: Stage) -> None:
    """Every operation of /openapi.json has the security scheme that the contract asks for, or none"""
    _, document = await published_by(stage)
    for operation in CONTRACT.values():
        about = f"the security schemes of {operation.id} in /openapi.json"
        expect(about, described(document, operation.title).callers).equals(operation.callers)


# Both


def rough_requests(order_id: object, draw: Draw) -> list[Request]:
    """Return requests that are sent by mistake, or by nobody who has read the contract."""
    symbol, order, kind = draw.symbol(), new_order(draw), ("Content-Type", "application/json")
    wrong: list[Any] = [None, [], {}, draw.number(-99, -1), 10**30, f"{draw.word()}\n"]
    sent: list[Request] = [
        request("getQuote", "a symbol that has no price", quotes(f"{symbol}Z"), token=None),
        request("getQuote", "a symbol of other letters", quotes("%C3%96L"), token=None),
        request("publishQuote", "no body", quotes(symbol)),
        request("publishQuote", "a first price", quotes(symbol), json={"price": price(draw)}),
        request("publishQuote", "another price", quotes(symbol), json={"price": price(draw)}),
        *strangers("publishQuote", quotes(symbol), draw, json={"price": price(draw)}),
        request("listOrders", "an empty limit", f"{orders()}?limit="),
        request("listOrders", "two limits", f"{orders()}?limit=1&limit=2"),
        request("listOrders", "a limit of thirty digits", f"{orders()}?limit={10**29}"),
        *strangers("listOrders", orders(), draw),
        request("placeOrder", "no body", orders(), key(draw)),
        request(
            "placeOrder",
            "a body that is sent as text",
            orders(),
            key(draw),
            ("Content-Type", "text/plain"),
            body=b"buy",
        ),
        request("placeOrder", "an empty Order-Key", orders(), ("Order-Key", ""), json=order),
        *(
            request("placeOrder", f"{json.dumps(value)} as {name}", orders(), key(draw), json={**order, name: value})
            for name in order
            for value in wrong
        ),
        *strangers("placeOrder", orders(), draw, key(draw), json=order),
        *(request("getOrder", f"the id {each}", orders(each)) for each in (10**29, "1.5", "%20", draw.word())),
        *strangers("getOrder", orders(order_id), draw),
        *strangers("cancelOrder", orders(order_id), draw),
        *(request("cancelOrder", f"the id {each}", orders(each)) for each in (10**29, "1.5", draw.word())),
        *(request("cancelOrder", "the id of an order, again and again", orders(order_id)) for _ in range(2)),
    ]
    for body in (b"{", b"", b"[]", b"null", b'"price"', json.dumps(draw.number(1, 99)).encode()):
        what = f"the body {body.decode()}" if body else "an empty body"
        sent.append(request("publishQuote", what, quotes(symbol), kind, body=body))
        sent.append(request("placeOrder", what, orders(), key(draw), kind, body=body))
    return draw.shuffled(sent)


@pytest.mark.points(15)
async def test_nothing_undocumented_is_answered(stage: Stage, draw: Draw) -> None:
    """Whatever JSON and whatever values arrive, the status is one that /openapi.json names, with the contract's body"""
    app, document = await published_by(stage)
    published = {operation.id: described(document, operation.title) for operation in CONTRACT.values()}
    placing = request("placeOrder", "a right order", orders(), key(draw), json=new_order(draw))
    placed = await placing.send(app)
    order_id = members(placed.json if placed.status == 201 else None).get("id", 1)
    for asked in [placing, *rough_requests(order_id, draw)]:
        answer = placed if asked is placing else await asked.send(app)
        promised = published[asked.operation.id]
        names = ", ".join(sorted(promised.responses)) or "none"
        expect(f"the status of {asked.title}", promised.documents(answer.status)).is_true(
            f"one that /openapi.json names for it: {names}", shown(answer)
        )
        if str(answer.status) in asked.operation.responses:
            expect_promised_body(asked, answer)
