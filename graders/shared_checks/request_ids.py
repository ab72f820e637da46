"""The id that a client gives its request, and finds on the answer."""

import json
from typing import Any

from proctor.checks import Application, Exchange, Stage, expect

__all__ = ["expect_id", "expect_ids_kept_apart", "request_id"]

Header = tuple[str, str]


def request_id(identifier: str) -> Header:
    """Return the header with which a client names its request."""
    return ("X-Request-ID", identifier)


def expect_id(answer: Exchange, identifier: str) -> None:
    """The answer carries the id of its own request."""
    expect(f"X-Request-ID on the answer to {answer.title}", answer.header("x-request-id")).equals(identifier)


async def expect_ids_kept_apart(
    stage: Stage, app: Application, slow: tuple[Header, str], quick: tuple[Header, str], order: dict[str, Any]
) -> tuple[Exchange, Exchange]:
    """Two requests under way at the same time keep their own ids; ``slow`` and ``quick`` are a token and an id each.

    The body of the slow one arrives once the quick one has been answered. Returns both answers.
    """
    held = app.request("POST", "/orders", [slow[0], request_id(slow[1])], json=order, hold_body=True)
    await stage.settled()  # every layer has seen it; the route waits for the body
    passing = await app.request("POST", "/orders", [quick[0], request_id(quick[1])], json=order).answered()
    held.body(json.dumps(order).encode())
    await held.answered()
    expect("X-Request-ID of the request that ran through meanwhile", passing.header("x-request-id")).equals(quick[1])
    expect("X-Request-ID of the request that was under way longer", held.header("x-request-id")).equals(slow[1])
    return held, passing
