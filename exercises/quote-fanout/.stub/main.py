"""Ask many venues at the same time, but not too many. See README.md beside this file."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI

Fetch = Callable[[str], Awaitable[str]]
"""Asks one venue: given a symbol, it returns the venue's quote, or raises."""

BestQuotes = dict[str, Any]
"""What the venues said: `quotes`, a dict of name and quote, and `failed`, a list of names."""


async def best_quotes(venues: dict[str, Fetch], symbol: str, *, limit: int) -> BestQuotes:
    """Ask all venues for their quote of `symbol`, at most `limit` of them at the same time."""
    # TODO: 1. ask the venues, by the rules in README.md
    return {"quotes": {}, "failed": []}


def create_app(venues: dict[str, Fetch], limit: int) -> FastAPI:
    """Return the desk."""
    app = FastAPI()

    @app.get("/best/{symbol}")
    async def best(symbol: str) -> BestQuotes:
        # TODO: 2. answer with what `best_quotes` returns
        return {"quotes": {}, "failed": []}

    return app
