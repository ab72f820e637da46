"""The middleware onion: request id, access log, token check, quota, seen from outside."""

import pytest

from proctor.checks import Application, Collaborator, Draw, Exchange, Stage, expect
from shared_checks.request_ids import expect_id, expect_ids_kept_apart, request_id

ALICE = ("X-Trader-Token", "t-alice")
BOB = ("X-Trader-Token", "t-bob")
QUOTA = 2


async def desk(stage: Stage) -> tuple[Collaborator, Application]:
    """Return the audit as the grader sees it, and the learner's application."""
    audit = stage.list("audit")
    return audit, await stage.app("create_app", audit)


async def at_once(stage: Stage, app: Application, traders: list[tuple[str, str]]) -> list[Exchange]:
    """Return the answers to one request of each trader, which arrive together and take turns on the event loop."""
    bell = stage.collaborator("bell", "sync", parked=True)
    held = stage.begin("wait_for", bell, on="props")
    await stage.until(lambda: bool(bell.waiting), "the event loop is held until all requests have arrived")
    requests = [app.request("GET", "/quotes/A", [trader]) for trader in traders]
    bell.open()
    await held
    return [await request.answered() for request in requests]


@pytest.mark.points(15)
@pytest.mark.public
async def test_accepted_requests_pass_through_every_layer(stage: Stage, draw: Draw) -> None:
    """An accepted request gets its answer, its request id and one line in the audit"""
    audit, app = await desk(stage)
    symbol, identifier = draw.symbol(), draw.identifier()
    answer = await app.request("GET", f"/quotes/{symbol}", [ALICE, request_id(identifier)]).answered()
    expect(f"the status of {answer.title} with a good token", answer.status).equals(200)
    expect_id(answer, identifier)
    expect(f"the body of the answer to {answer.title}", answer.json).equals({"symbol": symbol, "price": "101.50"})
    expect("the audit after one request", audit.arguments).equals([(identifier, f"/quotes/{symbol}", 200)])

    unnamed = await app.request("GET", f"/quotes/{symbol}", [ALICE]).answered()
    drawn = expect("X-Request-ID of a request that named none", unnamed.header("x-request-id")).is_a_text()
    expect("the audit's second line", audit.arguments[1:]).equals([(drawn, f"/quotes/{symbol}", 200)])
    other = await app.request("GET", "/quotes/A", [BOB]).answered()
    expect("X-Request-ID of the next request that named none", other.header("x-request-id")).differs_from(drawn)


@pytest.mark.points(20)
async def test_refused_requests_carry_the_request_id(stage: Stage, draw: Draw) -> None:
    """A request without a good token is refused, and still carries its id and stands in the audit"""
    audit, app = await desk(stage)
    lines: list[tuple[str, str, int]] = []
    for headers in ([], [("X-Trader-Token", draw.word())]):
        identifier = draw.identifier()
        answer = await app.request("GET", "/quotes/AAPL", [*headers, request_id(identifier)]).answered()
        expect(f"the status of {answer.title} without a good token", answer.status).equals(401)
        expect_id(answer, identifier)
        lines.append((identifier, "/quotes/AAPL", 401))
    expect("the audit after two refused requests", audit.arguments).equals(lines)


@pytest.mark.points(10)
async def test_unknown_paths_pass_through_every_layer(stage: Stage, draw: Draw) -> None:
    """A path that does not exist is guarded, named and audited like any other"""
    audit, app = await desk(stage)
    path, known, unknown = f"/{draw.word()}", draw.identifier(), draw.identifier()
    guarded = await app.request("GET", path, [request_id(unknown)]).answered()
    expect(f"the status of {guarded.title} without a token", guarded.status).equals(401)
    missing = await app.request("GET", path, [ALICE, request_id(known)]).answered()
    expect(f"the status of {missing.title} with a good token", missing.status).equals(404)
    expect_id(missing, known)
    expect("the audit after both", audit.arguments).equals([(unknown, path, 401), (known, path, 404)])


@pytest.mark.points(20)
async def test_the_quota_is_per_trader(stage: Stage, draw: Draw) -> None:
    """A trader's requests beyond the quota get 429, with id and audit line; other traders are not affected"""
    audit, app = await desk(stage)
    for answer in await at_once(stage, app, [ALICE, BOB]):
        expect("the status of a request within the quota, beside another trader's", answer.status).equals(200)
    for _ in range(QUOTA - 1):
        answer = await app.request("GET", "/quotes/A", [ALICE]).answered()
        expect("the status of a request within the quota", answer.status).equals(200)
    identifier = draw.identifier()
    over = await app.request("GET", "/quotes/A", [ALICE, request_id(identifier)]).answered()
    expect(f"the status of a trader's request number {QUOTA + 1}", over.status).equals(429)
    expect_id(over, identifier)
    expect("the audit's last line", audit.arguments[-1:]).equals([(identifier, "/quotes/A", 429)])
    other = await app.request("GET", "/quotes/A", [BOB]).answered()
    expect("the status of another trader's request within the quota", other.status).equals(200)


@pytest.mark.points(15)
async def test_strangers_use_up_no_quota(stage: Stage, draw: Draw) -> None:
    """Requests with a bad token are refused as such, however many, and cost no trader anything"""
    _, app = await desk(stage)
    bad = ("X-Trader-Token", draw.word())
    for _ in range(QUOTA + 2):
        for headers in ([bad], []):
            answer = await app.request("GET", "/quotes/A", headers).answered()
            expect("the status of a stranger's request", answer.status).equals(401)
    for _ in range(QUOTA):
        answer = await app.request("GET", "/quotes/A", [ALICE]).answered()
        expect("the status of a trader's request after the strangers'", answer.status).equals(200)


@pytest.mark.points(20)
@pytest.mark.mistake("state_on_self")
async def test_every_answer_keeps_its_own_request_id(stage: Stage, draw: Draw) -> None:
    """Two requests under way at the same time keep their own ids"""
    audit, app = await desk(stage)
    slow, quick = f"slow-{draw.identifier()}", f"quick-{draw.identifier()}"
    await expect_ids_kept_apart(stage, app, (ALICE, slow), (BOB, quick), {})
    expect("the audit", audit.arguments).equals([(quick, "/orders", 201), (slow, "/orders", 201)])
