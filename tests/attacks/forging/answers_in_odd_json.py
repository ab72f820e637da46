"""Answers in what passes for JSON: not a number, doubled keys, lone surrogates, endless numbers.

succeeds: points
stopped by: process
exercise: middleware-onion
"""

BODY = b'{"price": 1, "symbol": "\\ud800", "size": 1e999, "true": -0.0, "price": NaN}'


def create_app(audit):
    async def app(scope, receive, send):
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": BODY})

    return app
