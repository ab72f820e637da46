r"""A stand-in for a client of the contract, to try this exercise by hand. It prints what the contract says of an answer.

Anybody may ask for a price. This one is 404, as none has been published:
    curl -i localhost:8000/quotes/AAPL
A trader publishes one, which is 201:
    curl -i -X PUT localhost:8000/quotes/AAPL -H X-Trader-Token:t-alice \
        -H Content-Type:application/json -d '{"price": "189.50"}'
A stranger is answered with 401, whatever the document says:
    curl -i localhost:8000/orders
An order is 201 and comes back with its id:
    curl -i localhost:8000/orders -H X-Trader-Token:t-bob -H Order-Key:my-first-order \
        -H Content-Type:application/json -d '{"symbol": "AAPL", "side": "buy", "quantity": 10}'
A limit of 0 is refused with 422:
    curl -i 'localhost:8000/orders?limit=0' -H X-Trader-Token:t-bob
This is what you publish. Lay it beside the contract:
    curl localhost:8000/openapi.json

Whenever you save a file, the desk starts anew, with an empty book.
"""

import json
import re
from pathlib import Path

from main import app as desk
from starlette.types import Message, Receive, Scope, Send

PATHS = json.loads(Path(__file__).with_name("desk-openapi.json").read_text(encoding="utf-8"))["paths"]


def promise(method: str, path: str, status: int) -> str:
    """Say what the contract says of an answer."""
    for template, operations in PATHS.items():
        operation = operations.get(method.lower())
        if operation and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
            statuses = operation["responses"]
            named = "names" if str(status) in statuses else "does not name"
            return f"the contract {named} {status} for {operation['operationId']}: {', '.join(statuses)}"
    return "no operation of the contract"


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve the desk, and print a line for every answer."""

    async def send_and_tell(message: Message) -> None:
        if message["type"] == "http.response.start":
            what = promise(scope["method"], scope["path"], message["status"])
            print(f"client: {scope['method']} {scope['path']}: {what}")
        await send(message)

    await desk(scope, receive, send_and_tell)
