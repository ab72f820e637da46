"""The desk's dependencies: trader, account, permission, page, time and audit, seen from outside."""

from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest

from proctor.checks import Application, Collaborator, Draw, Exchange, Stage, expect
from shared_checks.openapi_documents import elements, members

Account = dict[str, Any]

ALICE = ("X-Trader-Token", "t-alice")
BOB = ("X-Trader-Token", "t-bob")

LISTS = [("GET", "/orders"), ("GET", "/trades")]
"""The routes that take a page."""

ROUTES = [("GET", "/account"), *LISTS, ("POST", "/orders")]
"""The routes of the traders."""

LIMIT = {"type": "integer", "default": 20, "minimum": 1, "maximum": 100}
"""What a client reads about the parameter `limit`."""


@dataclass
class Desk:
    """The learner's application, and what it was handed."""

    app: Application
    loads: Collaborator
    audit: Collaborator
    times: list[str]

    async def answer(self, method: str, target: str, *headers: tuple[str, str]) -> Exchange:
        """Return the answer to a request, which brings an order along where one is placed."""
        order = {"symbol": "AAPL", "quantity": 10} if method == "POST" else None
        return await self.app.request(method, target, headers, json=order).answered()


async def open_desk(stage: Stage, draw: Draw, accounts: dict[str, Account]) -> Desk:
    """Return the desk of a repo with these accounts, by the names of their traders."""

    def load(trader: str) -> Account:
        if trader not in accounts:
            raise LookupError(f"the repo has no account of {trader!r}")
        return accounts[trader]

    def now() -> str:
        times.append(f"09:00:00.{next(moments)}")
        return times[-1]

    times: list[str] = []
    moments = count(draw.number(100, 899))
    loads, audit = stage.collaborator("repo.load", does=load), stage.list("audit")
    clock = stage.object("Clock", now=stage.collaborator("clock.now", "sync", does=now, params=[]))
    app = await stage.app("create_app", stage.object("Repo", load=loads), clock, audit)
    return Desk(app, loads, audit, times)


def drawn_account(draw: Draw, *permissions: str) -> Account:
    """Return an account that has these permissions."""
    return {"number": draw.identifier(), "cash": draw.number(1, 99_999), "permissions": list(permissions)}


def expect_status(answer: Exchange, status: int, by: str) -> None:
    """The answer has this status; ``by`` says whose request it answers."""
    seen = str(answer.status) if answer.error is None else f"{answer.status}: {answer.error}"
    expect(f"the status of {answer.title} {by}", answer.status == status).is_true(str(status), seen)


def expect_body(answer: Exchange, body: dict[str, Any]) -> None:
    """The answer says exactly this."""
    expect(f"the body of the answer to {answer.title}", answer.json).equals(body)


# What is asked for, and who may ask


@pytest.mark.points(15)
@pytest.mark.public
async def test_strangers_are_refused(stage: Stage, draw: Draw) -> None:
    """The token tells who a trader is; without a good one, every route of the traders answers 401"""
    accounts = {trader: drawn_account(draw) for trader in ("alice", "bob")}
    desk = await open_desk(stage, draw, accounts)
    desk.loads.parked = True
    requests = [desk.app.request("GET", "/account", [token]) for token in (ALICE, BOB)]
    await stage.settled()  # both wait for their account
    desk.loads.open()
    for request, (trader, account) in zip(requests, accounts.items(), strict=True):
        expect_status(await request.answered(), 200, f"by {trader}")
        expect_body(request, {"trader": trader, "number": account["number"], "cash": account["cash"]})

    loaded = len(desk.loads.calls)
    for method, path in ROUTES:
        expect_status(await desk.answer(method, path), 401, "without a token")
        expect_status(await desk.answer(method, path, ("X-Trader-Token", draw.word())), 401, "with an unknown token")
    expect("what the repo is asked to load for strangers", desk.loads.arguments[loaded:]).is_empty()


@pytest.mark.points(15)
async def test_permissions_are_required(stage: Stage, draw: Draw) -> None:
    """Without the permission of the route a trader gets 403, with it the answer"""
    accounts = {"alice": drawn_account(draw, "report"), "bob": drawn_account(draw, "trade")}
    desk = await open_desk(stage, draw, accounts)
    for token, permission in ((ALICE, "report"), (BOB, "trade")):
        by = f"by a trader who has the permission {permission} alone"
        expect_status(await desk.answer("GET", "/trades", token), 200 if permission == "report" else 403, by)
        expect_status(await desk.answer("POST", "/orders", token), 201 if permission == "trade" else 403, by)
        for path in ("/account", "/orders"):
            expect_status(await desk.answer("GET", path, token), 200, by)


@pytest.mark.points(15)
async def test_lists_take_a_page(stage: Stage, draw: Draw) -> None:
    """Both lists take a limit from 1 to 100, which is 20 if left out, and a cursor"""
    account = drawn_account(draw, "report")
    desk = await open_desk(stage, draw, {"alice": account})
    for method, path in LISTS:
        limit, cursor = draw.number(2, 99), draw.identifier()
        for query, page in {
            "": {"limit": 20, "cursor": None},
            f"?limit={limit}&cursor={cursor}": {"limit": limit, "cursor": cursor},
            "?limit=1": {"limit": 1, "cursor": None},
            "?limit=100": {"limit": 100, "cursor": None},
        }.items():
            answer = await desk.answer(method, f"{path}{query}", ALICE)
            expect_status(answer, 200, "by a trader")
            expect_body(answer, {"number": account["number"], **page})
        for wrong in ("101", "0", "ten"):
            expect_status(await desk.answer(method, f"{path}?limit={wrong}", ALICE), 422, "by a trader")


# How often things are done


@pytest.mark.points(20)
async def test_the_account_is_loaded_once_per_request(stage: Stage, draw: Draw) -> None:
    """For each request the account is loaded once, however many things need it"""
    accounts: dict[str, Account] = {}
    desk = await open_desk(stage, draw, accounts)
    for method, path in ROUTES:
        accounts["alice"] = drawn_account(draw, "report", "trade")
        loaded = len(desk.loads.calls)
        answer = await desk.answer(method, path, ALICE)
        expect_status(answer, 201 if method == "POST" else 200, "by a trader with both permissions")
        loads = desk.loads.arguments[loaded:]
        expect(f"the traders whose account is loaded for {answer.title}", loads).equals(["alice"])
        number = member(answer.json, "number")
        expect(f"the number in the answer to {answer.title}", number).equals(accounts["alice"]["number"])


@pytest.mark.points(10)
async def test_the_time_is_new_at_each_use(stage: Stage, draw: Draw) -> None:
    """An order's two times are two calls of the clock, the earlier one for its receipt"""
    account = drawn_account(draw, "trade")
    desk = await open_desk(stage, draw, {"alice": account})
    for _ in range(2):
        asked = len(desk.times)
        order = {"symbol": draw.symbol(), "quantity": draw.number(1, 999)}
        answer = await desk.app.request("POST", "/orders", [ALICE], json=order).answered()
        expect_status(answer, 201, "by a trader with the permission trade")
        times = desk.times[asked:]
        expect(f"how often the clock is asked during {answer.title}", len(times)).equals(2)
        expect_body(answer, {"number": account["number"], **order, "received": times[0], "confirmed": times[1]})


@pytest.mark.points(15)
async def test_every_route_is_audited(stage: Stage, draw: Draw) -> None:
    """Every request of a trader is one line of the audit, refused with 403 or not, and no other request is"""
    accounts = {"alice": drawn_account(draw, "report", "trade"), "bob": drawn_account(draw)}
    desk = await open_desk(stage, draw, accounts)
    for trader, token in (("alice", ALICE), ("bob", BOB)):
        for method, path in ROUTES:
            written = len(desk.audit.calls)
            query = "?limit=5" if (method, path) in LISTS else ""
            answer = await desk.answer(method, f"{path}{query}", token)
            about = f"what {answer.title} by {trader}, answered with {answer.status}, appends to the audit"
            expect(about, desk.audit.arguments[written:]).equals([(accounts[trader]["number"], path)])

    written = len(desk.audit.calls)
    health = await desk.answer("GET", "/health")
    expect_status(health, 200, "without a token")
    expect_body(health, {"status": "open"})
    await desk.answer("GET", "/account")
    await desk.answer("POST", "/orders", ("X-Trader-Token", draw.word()))
    expect("what /health and strangers append to the audit", desk.audit.arguments[written:]).is_empty()


# What a client reads


async def openapi_of(desk: Desk) -> Any:
    """Return the document of the desk."""
    document = await desk.answer("GET", "/openapi.json", ALICE)
    expect_status(document, 200, "by a trader")
    return document.json


def parameters_of(document: Any, method: str, path: str, place: str) -> dict[str, Any]:
    """Return the parameters of a route that are sent in this place, by their names in lower case."""
    parameters = elements(member(document, "paths", path, method.lower(), "parameters"))
    return {str(member(each, "name")).lower(): each for each in parameters if member(each, "in") == place}


def described(schema: Any) -> dict[str, Any]:
    """Return what a schema says of a whole number; a bound that is excluded counts as the next one that is not."""
    lowest, highest = member(schema, "exclusiveMinimum"), member(schema, "exclusiveMaximum")
    bounds = {
        "minimum": lowest + 1 if type(lowest) is int else member(schema, "minimum"),
        "maximum": highest - 1 if type(highest) is int else member(schema, "maximum"),
    }
    return {"type": member(schema, "type"), "default": member(schema, "default"), **bounds}


def headers_of_schemes(document: Any, method: str, path: str) -> list[str]:
    """Return the headers, in lower case, that the security schemes of a route want."""
    names = [name for each in elements(member(document, "paths", path, method.lower(), "security")) for name in each]
    schemes = [member(document, "components", "securitySchemes", name) for name in names]
    return [
        str(member(scheme, "name")).lower()
        for scheme in schemes
        if (member(scheme, "type"), member(scheme, "in")) == ("apiKey", "header")
    ]


def member(value: object, *names: str) -> Any:
    """Return what lies at the end of a path of names in JSON; None where there is nothing."""
    for name in names:
        value = members(value).get(name)
    return value


@pytest.mark.points(5)
async def test_openapi_knows_the_page(stage: Stage, draw: Draw) -> None:
    """In /openapi.json both lists have limit, with its default and its bounds, and cursor"""
    document = await openapi_of(await open_desk(stage, draw, {"alice": drawn_account(draw)}))
    for method, path in LISTS:
        query = parameters_of(document, method, path, "query")
        where = f"among the query parameters of {method} {path}"
        expect(f"the names {where}", list(query)).has_items(["limit", "cursor"])
        schema = member(query, "limit", "schema")
        expect(f"limit {where}", described(schema)).equals(LIMIT)
        for name, parameter in query.items():
            expect(f"whether {name} {where} is required", bool(member(parameter, "required"))).equals(False)


@pytest.mark.points(5)
async def test_openapi_knows_the_token(stage: Stage, draw: Draw) -> None:
    """In /openapi.json the routes of the traders want X-Trader-Token, and /health does not"""
    document = await openapi_of(await open_desk(stage, draw, {"alice": drawn_account(draw)}))
    for method, path in [*ROUTES, ("GET", "/health")]:
        headers = [*parameters_of(document, method, path, "header"), *headers_of_schemes(document, method, path)]
        expectation = expect(f"the headers of {method} {path}, parameters and security", headers)
        (expectation.lacks if path == "/health" else expectation.contains)("x-trader-token")
