"""Three frameworks: one contract, asked of each of them alone and of all three side by side."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

import pytest

from proctor.checks import Application, Draw, Exchange, Stage, WsgiApplication, expect

Order = dict[str, Any]
Desk = Application | WsgiApplication

FASTAPI, FLASK, DJANGO = "FastAPI", "Flask", "Django"
JSON: Final = "application/json"
DETAILS: Final = 'a list "detail", and in it a text "msg" and a list "loc" that begins with "body" for each error'

LONGEST: Final = 150
"""Characters of the body of an answer that a message shows."""

MOST_READ: Final = 5000
"""Bytes of the body of an answer in which a message looks for something to show."""

MOST_DIFFERENCES: Final = 3
"""Requests with different answers that a message shows."""

MOST_REFERENCES: Final = 20
"""References that lead to one place of a document."""

FIELDS: Final[dict[str, dict[str, Any]]] = {
    "symbol": {"type": "string", "minLength": 1, "maxLength": 6},
    "qty": {"type": "integer", "minimum": 1, "maximum": 1_000_000},
    "side": {"enum": ["buy", "sell"]},
}
"""What the body of POST /orders is described with."""


# The desk


class Store:
    """What is behind every desk."""

    def __init__(self, stage: Stage, draw: Draw) -> None:
        self._draw = draw
        self.orders: dict[str, Any] = {}
        self.added: list[Any] = []
        self.object = stage.object(
            "store",
            add=stage.collaborator("store.add", "sync", does=self._add, params=["order"]),
            get=stage.collaborator("store.get", "sync", does=self._get, params=["order_id"]),
        )

    def keep(self, order: Any) -> str:
        """Keep an order without any desk, and return its id."""
        order_id = self._draw.identifier()
        self.orders[order_id] = order
        return order_id

    def _add(self, order: Any) -> str:
        self.added.append(order)
        return self.keep(order)

    def _get(self, order_id: Any) -> Any:
        return self.orders.get(str(order_id))


async def open_desk(stage: Stage, framework: str, store: Store) -> Desk:
    """Return the learner's application in this framework."""
    if framework == FASTAPI:
        return await stage.app("make_fastapi", store.object)
    app = await stage.wsgi(f"make_{framework.lower()}", store.object)
    if framework == DJANGO and await stage.props("protocol", app.handle) == "ASGI":
        return Application(stage, app.handle)
    return app


def drawn_order(draw: Draw) -> Order:
    """Draw an order."""
    return {"symbol": draw.symbol(), "qty": draw.number(2, 999_999), "side": draw.one_of(["buy", "sell"])}


# Requests


@dataclass(frozen=True)
class Request:
    """A request, in the words of a message."""

    about: str
    method: str
    target: str
    body: bytes = b""
    content_type: str | None = JSON

    async def sent_to(self, desk: Desk) -> Exchange:
        """Send it, and return the answer."""
        headers = [("Accept", JSON)]
        if self.content_type is not None and self.body:
            headers.append(("Content-Type", self.content_type))
        return await desk.request(self.method, self.target, headers, body=self.body).answered()


@dataclass(frozen=True)
class WrongOrder(Request):
    """An order that is refused, and what the ``loc`` of its errors end with; None where that is left open."""

    places: tuple[str, ...] | None = ("body",)


def placing(about: str, order: object, content_type: str | None = JSON) -> Request:
    """Return the request that places an order."""
    return Request(about, "POST", "/orders", json.dumps(order).encode(), content_type)


def right_orders(draw: Draw) -> list[tuple[Request, Order]]:
    """Return orders that are accepted, each with what is kept of it."""
    smallest = {"symbol": draw.symbol()[:1], "qty": 1, "side": "buy"}
    largest = {"symbol": f"{draw.symbol()}ÄZ", "qty": 1_000_000, "side": "sell"}
    order = drawn_order(draw)
    return [
        (placing("an order", order), order),
        (placing("an order with all fields at their lower limits", smallest), smallest),
        (placing("an order with all fields at their upper limits", largest), largest),
        (placing("an order with one more field", {"note": draw.word(), **order}), order),
        (placing("an order with a charset in its Content-Type", order, f"{JSON}; charset=utf-8"), order),
    ]


def wrong_orders(draw: Draw) -> list[WrongOrder]:
    """Return orders that are refused."""
    order = drawn_order(draw)
    one, other = draw.sample(list(FIELDS), 2)
    wrong = {"symbol": draw.number(1, 999), "qty": draw.word(), "side": draw.word()}
    changes: list[tuple[str, Order]] = [
        ("the word banana as qty", {"qty": "banana"}),
        ("the text 10 as qty", {"qty": "10"}),
        ("true as qty", {"qty": True}),
        ("null as qty", {"qty": None}),
        ("a fraction as qty", {"qty": draw.number(1, 999) + 0.5}),
        ("a qty of 0", {"qty": 0}),
        ("a qty of 1000001", {"qty": 1_000_001}),
        ("an unknown side", {"side": draw.word()}),
        ("a side in capital letters", {"side": "BUY"}),
        ("a list as side", {"side": ["buy"]}),
        ("an empty symbol", {"symbol": ""}),
        ("a symbol of seven letters", {"symbol": f"{draw.symbol()}ABC"}),
        ("a number as symbol", {"symbol": draw.number(1, 999)}),
        (f"both {one} and {other} wrong", {one: wrong[one], other: wrong[other]}),
    ]
    orders: list[tuple[str, object, tuple[str, ...]]] = [
        *((f"an order without {name}", {key: order[key] for key in order if key != name}, (name,)) for name in FIELDS),
        ("an empty JSON object", {}, tuple(FIELDS)),
        *((f"an order with {about}", {**order, **change}, tuple(change)) for about, change in changes),
        ("a JSON list", [order], ("body",)),
        ("a JSON text", draw.word(), ("body",)),
        ("the JSON null", None, ("body",)),
    ]
    right, broken = json.dumps(order).encode(), json.dumps(order).encode()[:-1]
    return [
        *(
            WrongOrder(about, "POST", "/orders", json.dumps(body).encode(), JSON, places)
            for about, body, places in orders
        ),
        WrongOrder("an order that is sent as text/plain", "POST", "/orders", right, "text/plain"),
        WrongOrder("an order without a Content-Type", "POST", "/orders", right, None),
        WrongOrder("an order that breaks off in the middle", "POST", "/orders", broken, JSON, None),
    ]


def wrong_requests(draw: Draw) -> list[tuple[Request, int]]:
    """Return requests that no desk has a route for, each with its status."""
    order_id = draw.identifier()
    requests = [
        ("GET", "/orders", 405),
        (draw.one_of(["PUT", "DELETE"]), "/orders", 405),
        (draw.one_of(["PUT", "DELETE"]), f"/orders/{order_id}", 405),
        ("GET", f"/{draw.word()}", 404),
        ("GET", f"/orders/{order_id}/{draw.word()}", 404),
    ]
    return [(Request(f"{method} {target}", method, target), status) for method, target, status in requests]


# Answers


def members(value: object) -> dict[str, Any]:
    """Return what a JSON object holds; nothing, where the value is none."""
    return cast("dict[str, Any]", value) if type(value) is dict else {}


def items(value: object) -> list[Any]:
    """Return what a JSON list holds; nothing, where the value is none."""
    return cast("list[Any]", value) if type(value) is list else []


def brief(answer: Exchange) -> str:
    """Say what an answer is: its status and the beginning of its body, or what was raised."""
    if answer.error is not None:
        return f"{answer.status}: {answer.error}"
    text = " ".join(answer.content[:MOST_READ].decode("utf-8", "backslashreplace").split())
    if title := re.search(r"<title>([^<]*)</title>", text):
        return f"{answer.status}, and a page with the title {title[1][:LONGEST]}"
    return f"{answer.status} {text[:LONGEST]}{'...' if len(text) > LONGEST else ''}"


def places_of(answer: Exchange) -> list[str] | None:
    """Return what the ``loc`` of the errors end with, sorted, each once; None where they are not as agreed."""
    try:
        problems = items(members(json.loads(answer.content)).get("detail"))
    except (ValueError, RecursionError):
        return None
    locs = [items(members(problem).get("loc")) for problem in problems]
    texts = [members(problem).get("msg") for problem in problems]
    is_agreed = bool(problems) and all(type(text) is str and text for text in texts)
    if not is_agreed or any(loc[:1] != ["body"] for loc in locs):
        return None
    return sorted({str(loc[-1]) for loc in locs})


def expect_status(framework: str, about: str, answer: Exchange, status: int) -> None:
    """The answer has this status; if it has another one, show what it says or what has been raised."""
    expect(f"{framework}: the status of the answer to {about}", answer.status == status).is_true(
        str(status), brief(answer)
    )


def expect_json(framework: str, about: str, answer: Exchange) -> None:
    """The answer says that it is JSON."""
    kind = (answer.header("content-type") or "").partition(";")[0].strip().lower()
    expect(f"{framework}: the Content-Type of the answer to {about}", kind).equals(JSON)


def expect_content(framework: str, about: str, answer: Exchange, status: int, content: object) -> None:
    """The answer has this status, and this JSON as its body."""
    expect_status(framework, about, answer, status)
    expect_json(framework, about, answer)
    expect(f"{framework}: the body of the answer to {about}", answer.json).equals(content)


async def expect_orders(stage: Stage, draw: Draw, framework: str) -> None:
    """Orders are placed and found, and other requests get what they deserve."""
    store = Store(stage, draw)
    desk = await open_desk(stage, framework, store)
    for request, order in right_orders(draw):
        answer = await request.sent_to(desk)
        expect_status(framework, request.about, answer, 201)
        expect(f"{framework}: what store.add was given for {request.about}", store.added).equals([order])
        order_id = next(reversed(store.orders))
        expect_content(framework, request.about, answer, 201, {"id": order_id, **order})
        about = f"GET /orders/{{order_id}} for {request.about}"
        answer = await Request(about, "GET", f"/orders/{order_id}").sent_to(desk)
        expect_content(framework, about, answer, 200, {"id": order_id, **order})
        store.added.clear()
    order = drawn_order(draw)
    order_id = store.keep(order)
    about = "GET /orders/{order_id} for an order that was in the store before"
    answer = await Request(about, "GET", f"/orders/{order_id}").sent_to(desk)
    expect_content(framework, about, answer, 200, {"id": order_id, **order})
    about = "GET /orders/{order_id} for an unknown id"
    answer = await Request(about, "GET", f"/orders/{draw.identifier()}").sent_to(desk)
    expect_status(framework, about, answer, 404)
    expect_json(framework, about, answer)
    expect(f'{framework}: "detail" in the answer to {about}', members(answer.json).get("detail")).is_a_text()
    for request, status in wrong_requests(draw):
        expect_status(framework, request.about, await request.sent_to(desk), status)


async def expect_refusals(stage: Stage, draw: Draw, framework: str) -> None:
    """A right order is accepted, and wrong ones are refused, with the fields that are wrong."""
    store = Store(stage, draw)
    desk = await open_desk(stage, framework, store)
    right = placing("a right order", drawn_order(draw))
    expect_status(framework, right.about, await right.sent_to(desk), 201)
    store.added.clear()
    for request in wrong_orders(draw):
        answer = await request.sent_to(desk)
        expect_status(framework, request.about, answer, 422)
        expect_json(framework, request.about, answer)
        places = places_of(answer)
        expect(f"{framework}: the body of the answer to {request.about}", places is not None).is_true(
            DETAILS, brief(answer)
        )
        if request.places is not None:
            about = f"{framework}: what the locs in the answer to {request.about} end with"
            expect(about, places).equals(sorted(request.places))
        expect(f"{framework}: what store.add was given for {request.about}", store.added).is_empty()


# The document


def referred(document: dict[str, Any], node: object) -> dict[str, Any]:
    """Return an object of a document, or what it refers to."""
    found = members(node)
    for _ in range(MOST_REFERENCES):
        reference = found.get("$ref")
        if type(reference) is not str or not reference.startswith("#/"):
            break
        found = document
        for step in reference[2:].split("/"):
            found = members(found.get(step.replace("~1", "/").replace("~0", "~")))
    return found


def inside(document: dict[str, Any], node: object, *path: str) -> dict[str, Any]:
    """Return what is at this path of an object of a document, references followed; nothing, where nothing is."""
    found = referred(document, node)
    for step in path:
        found = referred(document, found.get(step))
    return found


def is_same_number(seen: object, expected: object) -> bool:
    """Tell whether two numbers are equal, with or without a decimal point."""
    return type(seen) in {int, float} and seen == expected


def expect_answers(
    framework: str, document: dict[str, Any], about: str, operation: object, statuses: list[str]
) -> None:
    """An operation describes answers with these statuses, and each in words."""
    answers = inside(document, operation, "responses")
    for status in statuses:
        expect(f"{framework}: the answers of {about} in the document", list(answers)).contains(status)
    for status in answers:
        text = inside(document, answers, status).get("description")
        expect(f"{framework}: the description of {status} of {about} in the document", text).is_a_text()


async def expect_document(stage: Stage, draw: Draw, framework: str) -> None:
    """The document describes both operations."""
    desk = await open_desk(stage, framework, Store(stage, draw))
    about = "GET /openapi.json"
    answer = await Request(about, "GET", "/openapi.json").sent_to(desk)
    expect_status(framework, about, answer, 200)
    expect_json(framework, about, answer)
    document = members(answer.json)
    version = document.get("openapi")
    is_known = type(version) is str and re.fullmatch(r"3\.[01]\.\d+", version) is not None
    expect(f"{framework}: `openapi` in the document", is_known).is_true("3.0.x or 3.1.x", repr(version)[:LONGEST])
    for name in ("title", "version"):
        expect(
            f"{framework}: `{name}` of `info` in the document", inside(document, document, "info").get(name)
        ).is_a_text()
    paths = inside(document, document, "paths")
    expect(f"{framework}: the paths of the document", list(paths)).contains("/orders")

    place = inside(document, paths, "/orders", "post")
    expect_answers(framework, document, "POST /orders", place, ["201", "422"])
    body = inside(document, place, "requestBody", "content", JSON, "schema")
    about = f"{framework}: %s the body of POST /orders in the document"
    expect(about % "`type` of", body.get("type")).equals("object")
    expect(about % "the required fields of", items(body.get("required"))).has_items(FIELDS)
    for name, limits in FIELDS.items():
        described = inside(document, body, "properties", name)
        for word, value in limits.items():
            seen = described.get(word)
            what = f"{about % f'`{word}` of the field {name} in'}"
            if word == "enum":
                expect(what, seen).has_items(value)
            else:
                expect(what, value if is_same_number(seen, value) else seen).equals(value)

    names = [match[1] for match in (re.fullmatch(r"/orders/\{([^{}/]+)\}", one) for one in paths) if match]
    expect(f"{framework}: the paths of the document", bool(names)).is_true(
        "/orders/{...} with the name of a parameter", ", ".join(paths)[:LONGEST]
    )
    path = inside(document, paths, f"/orders/{{{names[0]}}}")
    find = inside(document, path, "get")
    expect_answers(framework, document, "GET /orders/{...}", find, ["200", "404"])
    declared = [referred(document, one) for one in items(path.get("parameters")) + items(find.get("parameters"))]
    parameter = next((one for one in declared if one.get("name") == names[0]), members(None))
    about = f"{framework}: `%s` of the parameter {names[0][:LONGEST]} of GET /orders/{{...}} in the document"
    expect(about % "in", parameter.get("in")).equals("path")
    expect(about % "required", parameter.get("required")).equals(True)
    expect(about % "schema.type", inside(document, parameter, "schema").get("type")).equals("string")


# FastAPI


@pytest.mark.points(12)
@pytest.mark.public
async def test_fastapi_orders(stage: Stage, draw: Draw) -> None:
    """make_fastapi: orders are placed and found; unknown orders and paths get 404, other methods 405"""
    await expect_orders(stage, draw, FASTAPI)


@pytest.mark.points(12)
async def test_fastapi_refusals(stage: Stage, draw: Draw) -> None:
    """make_fastapi: a wrong order gets 422, names the fields that are wrong, and reaches no store"""
    await expect_refusals(stage, draw, FASTAPI)


@pytest.mark.points(6)
async def test_fastapi_document(stage: Stage, draw: Draw) -> None:
    """make_fastapi: /openapi.json describes both operations, with the body and the answers"""
    await expect_document(stage, draw, FASTAPI)


# Flask


@pytest.mark.points(12)
async def test_flask_orders(stage: Stage, draw: Draw) -> None:
    """make_flask: orders are placed and found; unknown orders and paths get 404, other methods 405"""
    await expect_orders(stage, draw, FLASK)


@pytest.mark.points(12)
async def test_flask_refusals(stage: Stage, draw: Draw) -> None:
    """make_flask: a wrong order gets 422, names the fields that are wrong, and reaches no store"""
    await expect_refusals(stage, draw, FLASK)


@pytest.mark.points(6)
async def test_flask_document(stage: Stage, draw: Draw) -> None:
    """make_flask: /openapi.json describes both operations, with the body and the answers"""
    await expect_document(stage, draw, FLASK)


# Django


@pytest.mark.points(12)
async def test_django_orders(stage: Stage, draw: Draw) -> None:
    """make_django: orders are placed and found; unknown orders and paths get 404, other methods 405"""
    await expect_orders(stage, draw, DJANGO)


@pytest.mark.points(12)
async def test_django_refusals(stage: Stage, draw: Draw) -> None:
    """make_django: a wrong order gets 422, names the fields that are wrong, and reaches no store"""
    await expect_refusals(stage, draw, DJANGO)


@pytest.mark.points(6)
async def test_django_document(stage: Stage, draw: Draw) -> None:
    """make_django: /openapi.json describes both operations, with the body and the answers"""
    await expect_document(stage, draw, DJANGO)


# All three


def told(answer: Exchange) -> str:
    """Say what an answer is, without what may differ between desks: ids, words, and bodies that are free."""
    if answer.status == 422:
        places = places_of(answer)
        return "422" if places is None else f"422 for {', '.join(places)[:LONGEST]}"
    if answer.status not in {200, 201}:
        return str(answer.status)
    try:
        content = members(json.loads(answer.content))
        order = {key: value for key, value in sorted(content.items()) if key != "id"}
        return f"{answer.status} {json.dumps(order)[:LONGEST]}"
    except (ValueError, RecursionError):
        return f"{answer.status} without JSON"


async def answers_of(desks: dict[str, Desk], request: Request) -> dict[str, str]:
    """Return what each desk says to a request."""
    answers: dict[str, str] = {}
    for framework, desk in desks.items():
        answer = await request.sent_to(desk)
        is_open = isinstance(request, WrongOrder) and request.places is None and places_of(answer) is not None
        answers[framework] = str(answer.status) if is_open else told(answer)
    return answers


def difference(request: Request, answers: dict[str, str]) -> str:
    """Say which framework has answered what."""
    by_answer: dict[str, list[str]] = {}
    for framework, answer in answers.items():
        by_answer.setdefault(answer, []).append(framework)
    groups = (f"{answer} from {' and '.join(frameworks)}" for answer, frameworks in by_answer.items())
    return f"to {request.about}: {', '.join(groups)}"


def expect_no_differences(requests: int, differences: Sequence[str]) -> None:
    """All three have answered alike."""
    more = len(differences) - MOST_DIFFERENCES
    shown = "; ".join(differences[:MOST_DIFFERENCES]) + (f"; and to {more} more" if more > 0 else "")
    expect(f"the answers of all three to the same {requests} requests", not differences).is_true(
        "three times the same", shown
    )


@pytest.mark.points(10)
async def test_all_three_agree(stage: Stage, draw: Draw) -> None:
    """All three answer the same requests in the same way, and find each other's orders"""
    store = Store(stage, draw)
    desks = {framework: await open_desk(stage, framework, store) for framework in (FASTAPI, FLASK, DJANGO)}
    requests = [request for request, _ in right_orders(draw)]
    for framework, desk in desks.items():
        expect_status(framework, requests[0].about, await requests[0].sent_to(desk), 201)
    finding = [
        Request(f"GET /orders/{{order_id}} for an order that {framework} has placed", "GET", f"/orders/{order_id}")
        for framework, order_id in zip(desks, store.orders, strict=False)
    ]
    unknown = Request("GET /orders/{order_id} for an unknown id", "GET", f"/orders/{draw.identifier()}")
    requests += [*wrong_orders(draw), *finding, unknown, *(request for request, _ in wrong_requests(draw))]
    answers = [(request, await answers_of(desks, request)) for request in requests]
    expect_no_differences(
        len(requests), [difference(request, each) for request, each in answers if len(set(each.values())) > 1]
    )
