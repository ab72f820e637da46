"""Sends one header of fifty megabytes, and then a name of the same length.

succeeds: harmed
stopped by: limits
control: none, a client without a limit fills its memory
exercise: middleware-onion
"""

HUGE = b"x" * (50 << 20)


def create_app(audit):
    async def app(scope, receive, send):
        headers = [(b"x-request-id", HUGE), (HUGE, b"")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    return app
