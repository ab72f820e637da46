"""Says "continue" without end, as a server that never comes to its answer.

succeeds: harmed
stopped by: limits
control: none, a client without a limit waits for ever
exercise: middleware-onion
"""


def create_app(audit):
    async def app(scope, receive, send):
        while True:
            await send({"type": "http.response.start", "status": 100, "headers": [(b"x-request-id", b"id")]})

    return app
