"""Sends messages that are well-formed throughout; only the status and the id are of types that equal everything.

succeeds: points
stopped by: process
exercise: middleware-onion
"""


class Number(int):
    __eq__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __hash__ = int.__hash__


class Octets(bytes):
    __eq__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __hash__ = bytes.__hash__


def create_app(audit):
    async def app(scope, receive, send):
        audit.append(("id", scope["path"], Number(200)))
        headers = [(b"x-request-id", Octets(b"id"))]
        await send({"type": "http.response.start", "status": Number(200), "headers": headers})
        await send({"type": "http.response.body", "body": Octets(b"")})

    return app
