"""A stand-in for two Nginx in front of the desk, to try this exercise by hand. It prints what they pass on.

You are a trader with the address 203.0.113.7, who uses https.
The desk knows both:
    curl -i localhost:8000/whoami
The link of an order begins with https:
    curl -i localhost:8000/orders -H Content-Type:application/json -d '{"id": "o-1", "symbol": "AAPL"}'
Now you pretend to be somebody else. The desk is not deceived:
    curl -i localhost:8000/whoami -H X-Forwarded-For:198.51.100.1
This one goes around both Nginx, without encryption, and pretends to have come through one. You are still yourself:
    curl -i localhost:8000/whoami -H Around-Nginx:yes -H X-Forwarded-For:10.0.0.8 -H X-Forwarded-Proto:https
"""

from main import create_app
from starlette.types import ASGIApp, Receive, Scope, Send

TRADER = "203.0.113.7"
OUTER = "10.0.0.8"
INNER = "10.0.0.9"


class Nginx:
    """Tells the desk what two Nginx would: each appends its peer, and both pass on which scheme the trader uses."""

    def __init__(self, desk: ASGIApp) -> None:
        self.desk = desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            headers = [(name, value) for name, value in scope["headers"] if name != b"around-nginx"]
            if len(headers) < len(scope["headers"]):
                print(f"around nginx: {scope['method']} {scope['path']} from {TRADER}")
                scope = {**scope, "scheme": "http", "client": (TRADER, 0), "headers": headers}
            else:
                scope = {**scope, "scheme": "http", "client": (INNER, 0), "headers": self.passed_on(headers)}
        await self.desk(scope, receive, send)

    def passed_on(self, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        """Return the headers as the inner Nginx sends them to the desk."""
        given = [value.decode("latin-1") for name, value in headers if name == b"x-forwarded-for"]
        addresses = ", ".join([*given, TRADER, OUTER])
        print(f"nginx: X-Forwarded-For: {addresses}")
        kept = [(name, value) for name, value in headers if name not in {b"x-forwarded-for", b"x-forwarded-proto"}]
        return [*kept, (b"x-forwarded-for", addresses.encode("latin-1")), (b"x-forwarded-proto", b"https")]


app = Nginx(create_app([INNER, OUTER]))
