"""Answers with numbers that are none: not a number is neither good nor bad, and true counts as one.

succeeds: points
stopped by: process
exercise: middleware-onion
"""


def create_app(audit):
    async def app(scope, receive, send):
        audit.append((True, scope["path"], float("nan")))
        await send({"type": "http.response.start", "status": float("nan"), "headers": [(b"x-request-id", b"")]})
        await send({"type": "http.response.body", "body": b""})

    return app
