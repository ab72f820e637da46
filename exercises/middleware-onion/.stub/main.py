"""Four layers around a trading desk. See README.md beside this file."""

from fastapi import FastAPI

TOKENS = {"t-alice": "alice", "t-bob": "bob"}
"""X-Trader-Token -> trader."""

QUOTA = 2
"""Accepted requests per trader; the next one is refused with 429."""


def create_app(audit: list[tuple[str, str, int]]) -> FastAPI:
    """Return the desk. Every request appends one `(request_id, path, status)` to `audit`."""
    app = FastAPI()

    @app.get("/quotes/{symbol}")
    async def quote(symbol: str) -> dict[str, str]:
        return {"symbol": symbol, "price": "101.50"}

    @app.post("/orders", status_code=201)
    async def order(body: dict[str, object]) -> dict[str, object]:
        return body

    # TODO: put four layers around the routes, from outside in:
    #   1. request id: every answer carries X-Request-ID, the one that was sent or a new one
    #   2. access log: one line in `audit` per request, refused ones included
    #   3. token check: 401 for anybody whose X-Trader-Token is not in TOKENS, on unknown paths too
    #   4. quota: 429 once a trader has had QUOTA requests accepted
    return app
