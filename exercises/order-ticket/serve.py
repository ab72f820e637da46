r"""A stand-in for a clerk, to try this exercise by hand. It prints where the errors of a refused ticket are.

A ticket comes back with all its fields:
    curl -i localhost:8000/orders -H Content-Type:application/json \
        -d '{"symbol": "AAPL", "side": "buy", "qty": 10, "kind": "limit", "limit_price": "189.50"}'
Part A refuses this one with 422, and the clerk names three fields:
    curl -i localhost:8000/orders -H Content-Type:application/json \
        -d '{"symbol": "aapl", "side": "hold", "qty": 0, "kind": "market"}'
Part B refuses a text that looks like a quantity with 422:
    curl -i localhost:8000/orders -H Content-Type:application/json \
        -d '{"symbol": "AAPL", "side": "buy", "qty": "10", "kind": "market"}'
NaN is no JSON, although Python takes it. It is refused with 422 as well, and breaks nothing:
    curl -i localhost:8000/orders -H Content-Type:application/json \
        -d '{"symbol": "AAPL", "side": "buy", "qty": NaN, "kind": "market"}'
"""

import json

from main import create_app
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Clerk:
    """Reads the answers on their way out."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        status, body = 0, b""

        async def read(message: Message) -> None:
            nonlocal status, body
            status = message.get("status", status)
            body += message.get("body", b"")
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                print(f"clerk: {status}" + (f", because of {places(body)}" if status == 422 else ""))
            await send(message)

        await self.app(scope, receive, read)


def places(body: bytes) -> str:
    """Name the places of all errors."""
    try:
        return ", ".join(".".join(map(str, problem["loc"])) for problem in json.loads(body)["detail"])
    except (ValueError, KeyError, TypeError):
        return "something that the answer does not say"


app = Clerk(create_app())
