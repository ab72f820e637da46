"""The middleware onion, checked by plain pytest in the submission's own process."""

from tests.bench.plain.in_process import Exchange, begin, client, submission

ALICE = ("X-Trader-Token", "t-alice")
BOB = ("X-Trader-Token", "t-bob")
QUOTA = 2

Audit = list[tuple[str, str, int]]


async def test_accepted_requests_pass_through_every_layer() -> None:
    audit: Audit = []
    async with client(submission("middleware-onion").create_app(audit)) as desk:
        answer = await desk.request("GET", "/quotes/AAPL", headers=[ALICE, ("X-Request-ID", "abc-1")])
        assert answer.status_code == 200
        assert answer.headers["x-request-id"] == "abc-1"
        assert audit == [("abc-1", "/quotes/AAPL", 200)]
        unnamed = await desk.request("GET", "/quotes/AAPL", headers=[ALICE])
        drawn = unnamed.headers["x-request-id"]
        assert audit[1:] == [(drawn, "/quotes/AAPL", 200)]
        other = await desk.request("GET", "/quotes/A", headers=[BOB])
        assert other.headers["x-request-id"] != drawn


async def test_refused_requests_carry_the_request_id() -> None:
    audit: Audit = []
    async with client(submission("middleware-onion").create_app(audit)) as desk:
        for headers in ([("X-Request-ID", "abc-1")], [("X-Trader-Token", "wrong"), ("X-Request-ID", "abc-1")]):
            answer = await desk.request("GET", "/quotes/AAPL", headers=headers)
            assert answer.status_code == 401
            assert answer.headers["x-request-id"] == "abc-1"
    assert audit == [("abc-1", "/quotes/AAPL", 401)] * 2


async def test_unknown_paths_pass_through_every_layer() -> None:
    audit: Audit = []
    async with client(submission("middleware-onion").create_app(audit)) as desk:
        guarded = await desk.request("GET", "/nowhere", headers=[("X-Request-ID", "abc-1")])
        assert guarded.status_code == 401
        missing = await desk.request("GET", "/nowhere", headers=[ALICE, ("X-Request-ID", "abc-2")])
        assert missing.status_code == 404
        assert missing.headers["x-request-id"] == "abc-2"
    assert audit == [("abc-1", "/nowhere", 401), ("abc-2", "/nowhere", 404)]


async def test_the_quota_is_per_trader() -> None:
    audit: Audit = []
    async with client(submission("middleware-onion").create_app(audit)) as desk:
        for _ in range(QUOTA):
            assert (await desk.request("GET", "/quotes/A", headers=[ALICE])).status_code == 200
        over = await desk.request("GET", "/quotes/A", headers=[ALICE, ("X-Request-ID", "abc-1")])
        assert over.status_code == 429
        assert over.headers["x-request-id"] == "abc-1"
        assert audit[-1] == ("abc-1", "/quotes/A", 429)
        assert (await desk.request("GET", "/quotes/A", headers=[BOB])).status_code == 200


async def test_strangers_use_up_no_quota() -> None:
    async with client(submission("middleware-onion").create_app([])) as desk:
        for _ in range(QUOTA + 2):
            for headers in ([("X-Trader-Token", "wrong")], []):
                assert (await desk.request("GET", "/quotes/A", headers=headers)).status_code == 401
        for _ in range(QUOTA):
            assert (await desk.request("GET", "/quotes/A", headers=[ALICE])).status_code == 200


async def test_every_answer_keeps_its_own_request_id() -> None:
    audit: Audit = []
    app = submission("middleware-onion").create_app(audit)
    held = Exchange(app, "POST", "/orders", [ALICE, ("X-Request-ID", "slow")], json={}, hold_body=True)
    running = begin(held.run())
    await held.body_is_awaited.wait()
    async with client(app) as desk:
        passing = await desk.request("POST", "/orders", headers=[BOB, ("X-Request-ID", "quick")], json={})
    held.release_body()
    await running
    assert passing.headers["x-request-id"] == "quick"
    assert held.headers["x-request-id"] == "slow"
    assert audit == [("quick", "/orders", 201), ("slow", "/orders", 201)]
