"""Two callables: one quote service behind a WSGI server and behind an ASGI server, seen from outside."""

import json

import pytest

from proctor.checks import Application, Draw, Exchange, Handle, Stage, WsgiApplication, WsgiExchange, expect

JSON = "application/json"
NOT_FOUND = {"detail": "Not Found"}
NOT_ALLOWED = {"detail": "Method Not Allowed"}
EVERY_MESSAGE = 99
PRICES = {"AAPL": "101.50", "MSFT": "402.10", "NESTLÉ": "98.76"}
NOT_FOR_QUOTES = ("POST", "PUT", "DELETE")
NOT_FOR_ORDERS = ("GET", "PUT", "DELETE")
STATUS_LINES = {200: "200 OK", 201: "201 Created", 404: "404 Not Found", 405: "405 Method Not Allowed"}


async def open_wsgi(stage: Stage) -> WsgiApplication:
    """Return the learner's WSGI application."""
    return WsgiApplication(stage, await stage.attribute("wsgi_app", keep=True))


async def open_asgi(stage: Stage) -> Application:
    """Return the learner's ASGI application."""
    return Application(stage, await stage.attribute("asgi_app", keep=True))


async def new_quote(stage: Stage, symbol: str, price: str) -> dict[str, str]:
    """Put a price into PRICES, and return the quote for it."""
    prices: Handle = await stage.attribute("PRICES", keep=True)
    await prices.set_item(symbol, price)
    return {"symbol": symbol, "price": price}


def drawn_order(draw: Draw) -> bytes:
    """Return the body of an order, on several lines and long enough to be cut into pieces."""
    return json.dumps({"qty": draw.number(1, 9999), "note": draw.word()}, indent=2).encode()


def refused(draw: Draw) -> list[tuple[str, str, int]]:
    """Return requests that are refused, each with its status."""
    return [
        (draw.one_of(NOT_FOR_QUOTES), f"/quotes/{draw.symbol()}", 405),
        (draw.one_of(NOT_FOR_ORDERS), "/orders", 405),
        ("GET", f"/{draw.word()}", 404),
        (draw.one_of(NOT_FOR_QUOTES), f"/{draw.word()}", 404),
        ("GET", f"/{draw.word()}/quotes/AAPL", 404),
    ]


def expect_refusal(server: str, answer: Exchange, status: int) -> None:
    """The answer has this status, and says so."""
    expect_answer(server, answer, status, NOT_FOUND if status == 404 else NOT_ALLOWED)


def expect_header(server: str, answer: Exchange, name: str, value: str | None) -> None:
    """The answer has this value, or None, for a header."""
    expect(f"{name} on the answer to {answer.title} over {server}", answer.header(name)).equals(value)


def expect_lower_case(answer: Exchange) -> None:
    """The names of the headers are in lower case, as ASGI wants them."""
    names = [name.decode("latin-1") for name, _ in answer.messages[0].get("headers", ())]
    expect(f"the names of the headers of the answer to {answer.title} over ASGI", names).equals(
        [name.lower() for name in names]
    )


def expect_answer(server: str, answer: Exchange, status: int, content: object) -> None:
    """The answer has this status, and this JSON as its body."""
    seen = answer.status_line if isinstance(answer, WsgiExchange) else answer.status
    expected = STATUS_LINES[status] if isinstance(answer, WsgiExchange) else status
    expect(f"the status of {answer.title} over {server}", seen).equals(expected)
    expect(f"the body of the answer to {answer.title} over {server}", answer.json).equals(content)


# WSGI


@pytest.mark.points(10)
@pytest.mark.public
async def test_wsgi_quotes(stage: Stage, draw: Draw) -> None:
    """wsgi_app answers with the price of a symbol, and with 404 where there is none"""
    app, symbol = await open_wsgi(stage), draw.symbol()
    unknown = await app.request("GET", f"/quotes/{symbol}").answered()
    expect_answer("WSGI", unknown, 404, NOT_FOUND)
    for _ in range(2):
        quote = await new_quote(stage, symbol, str(draw.price()))
        expect_answer("WSGI", await app.request("GET", f"/quotes/{symbol}").answered(), 200, quote)


@pytest.mark.points(10)
async def test_wsgi_orders(stage: Stage, draw: Draw) -> None:
    """wsgi_app reads the whole body of an order, however slowly it arrives, and answers 201 with it"""
    app = await open_wsgi(stage)
    slow, quick = drawn_order(draw), drawn_order(draw)
    held = app.request("POST", "/orders", [("Content-Type", JSON)], body=slow, hold_body=True)
    await stage.settled()
    third = len(slow) // 3
    held.body(slow[:third], more=True)
    await stage.settled()
    passing = await app.request("POST", "/orders", [("Content-Type", JSON)], body=quick).answered()
    expect_answer("WSGI", passing, 201, json.loads(quick))
    held.body(slow[third : 2 * third], more=True)
    await stage.settled()
    held.body(slow[2 * third :])
    expect_answer("WSGI", await held.answered(), 201, json.loads(slow))


@pytest.mark.points(5)
async def test_wsgi_refusals(stage: Stage, draw: Draw) -> None:
    """wsgi_app answers other methods with 405, and other paths with 404"""
    app = await open_wsgi(stage)
    for method, target, status in refused(draw):
        expect_refusal("WSGI", await app.request(method, target).answered(), status)


@pytest.mark.points(10)
async def test_wsgi_protocol(stage: Stage, draw: Draw) -> None:
    """Every answer of wsgi_app has a Content-Type, and is one that a WSGI server takes"""
    app, symbol = await open_wsgi(stage), draw.symbol()
    await new_quote(stage, symbol, str(draw.price()))
    requests = [("GET", f"/quotes/{symbol}", b"", 200), ("POST", "/orders", drawn_order(draw), 201)]
    requests += [(method, target, b"", status) for method, target, status in refused(draw)]
    for method, target, body, status in requests:
        answer = await app.request(method, target, body=body).answered()
        expect(f"the status of {answer.title} over WSGI", answer.status_line).equals(STATUS_LINES[status])
        expect_header("WSGI", answer, "Content-Type", JSON)


# ASGI


@pytest.mark.points(10)
@pytest.mark.public
async def test_asgi_routes(stage: Stage, draw: Draw) -> None:
    """asgi_app answers with the price of a symbol; other symbols and paths get 404, other methods 405"""
    app, symbol = await open_asgi(stage), draw.symbol()
    unknown = await app.request("GET", f"/quotes/{symbol}").answered()
    expect_answer("ASGI", unknown, 404, NOT_FOUND)
    for _ in range(2):
        quote = await new_quote(stage, symbol, str(draw.price()))
        expect_answer("ASGI", await app.request("GET", f"/quotes/{symbol}").answered(), 200, quote)
    for method, target, status in refused(draw):
        answer = await app.request(method, target).answered()
        expect_refusal("ASGI", answer, status)
        expect_lower_case(answer)


@pytest.mark.points(15)
async def test_asgi_orders(stage: Stage, draw: Draw) -> None:
    """asgi_app reads the whole body of an order, in however many messages, and answers 201 with it"""
    app = await open_asgi(stage)
    slow, quick = drawn_order(draw), drawn_order(draw)
    held = app.request("POST", "/orders", [("Content-Type", JSON)], body=slow, hold_body=True, gated=True)
    await stage.settled()
    expect_refusal("ASGI", await app.request("GET", f"/{draw.word()}").answered(), 404)
    held.permit()
    third = len(slow) // 3
    held.body(slow[:third], more=True)
    await stage.settled()
    passing = await app.request("POST", "/orders", [("Content-Type", JSON)], body=quick).answered()
    expect_answer("ASGI", passing, 201, json.loads(quick))
    held.body(slow[third : 2 * third], more=True)
    await stage.settled()
    held.body(slow[2 * third :], more=True)
    held.body(b"")
    held.permit(EVERY_MESSAGE)
    expect_answer("ASGI", await held.answered(), 201, json.loads(slow))


@pytest.mark.points(10)
async def test_asgi_lifespan(stage: Stage, draw: Draw) -> None:
    """asgi_app takes part in the lifespan: start-up, then requests, then shutdown"""
    app, symbol = await open_asgi(stage), draw.symbol()
    quote = await new_quote(stage, symbol, str(draw.price()))
    life = await app.started()
    if life.error is not None:
        raise life.error
    expect("what asgi_app answers to lifespan.startup", life.types).equals(["lifespan.startup.complete"])
    expect_answer("ASGI", await app.request("GET", f"/quotes/{symbol}").answered(), 200, quote)
    expect("whether asgi_app goes on until lifespan.shutdown", not life.ended).is_true("it does", "it has returned")
    life.feed({"type": "lifespan.shutdown"})
    await life.finished()
    if life.error is not None:
        raise life.error
    expect("what asgi_app answers to lifespan.shutdown", life.types[1:]).equals(["lifespan.shutdown.complete"])


@pytest.mark.points(10)
async def test_asgi_ticks(stage: Stage, draw: Draw) -> None:
    """GET /ticks sends one line after another, each in a message of its own"""
    app = await open_asgi(stage)
    symbol, price = draw.symbol(), str(draw.price())
    await new_quote(stage, symbol, price)
    answer = await app.request("GET", "/ticks").answered()
    expect("the status of GET /ticks", answer.status).equals(200)
    expect("Content-Type on the answer to GET /ticks", answer.header("content-type")).equals(
        "text/plain; charset=utf-8"
    )
    expect_lower_case(answer)
    parts = [message.get("body", b"") for message in answer.messages if message["type"] == "http.response.body"]
    lines = [f"{symbol} {price}\n" for symbol, price in [*PRICES.items(), (symbol, price)]]
    seen = [part.decode("utf-8", "backslashreplace") for part in parts if part]
    expect("the bodies of the messages that GET /ticks sends, empty ones left out", seen).equals(lines)


# Both


@pytest.mark.points(20)
async def test_both_agree(stage: Stage, draw: Draw) -> None:
    """Both give the same answers: status, Content-Type, Allow and body, also for a symbol beyond ASCII"""
    wsgi, asgi = await open_wsgi(stage), await open_asgi(stage)
    ascii_letters = draw.symbol()
    symbol = f"{ascii_letters}É"
    quote = await new_quote(stage, symbol, str(draw.price()))
    order = drawn_order(draw)
    quotes, orders = f"/quotes/{ascii_letters}%C3%89", "/orders"
    requests: list[tuple[str, str, bytes, int, str | None, object]] = [
        ("GET", quotes, b"", 200, None, quote),
        ("POST", orders, order, 201, None, json.loads(order)),
        ("GET", f"/quotes/{ascii_letters}", b"", 404, None, NOT_FOUND),
        (draw.one_of(NOT_FOR_QUOTES), quotes, b"", 405, "GET", NOT_ALLOWED),
        (draw.one_of(NOT_FOR_ORDERS), orders, b"", 405, "POST", NOT_ALLOWED),
        ("GET", f"/{draw.word()}", b"", 404, None, NOT_FOUND),
    ]
    for method, target, body, status, allow, content in requests:
        for server, app in (("WSGI", wsgi), ("ASGI", asgi)):
            answer = await app.request(method, target, body=body).answered()
            expect_answer(server, answer, status, content)
            expect_header(server, answer, "Content-Type", JSON)
            expect_header(server, answer, "Allow", allow)
