"""Answers with JSON that is nested deeper than any parser's stack.

succeeds: harmed
stopped by: process
control: none, it harms only whoever reads its answers
exercise: middleware-onion
"""

BODY = b'{"a":' * 200_000 + b"1" + b"}" * 200_000


def create_app(audit):
    nested = []
    for _ in range(100_000):
        nested = [nested]
    audit.append(nested)

    async def app(scope, receive, send):
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": BODY})

    return app
