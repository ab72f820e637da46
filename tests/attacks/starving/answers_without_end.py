"""Streams an answer that has no end.

succeeds: harmed
stopped by: limits
control: none, a client without a limit fills its memory
exercise: middleware-onion
"""


def create_app(audit):
    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while True:
            await send({"type": "http.response.body", "body": b"x" * 65_536, "more_body": True})

    return app
