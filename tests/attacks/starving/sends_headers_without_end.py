"""Starts an answer whose headers come from a generator that never runs dry.

succeeds: harmed
stopped by: limits
control: none, a client without a limit fills its memory
exercise: middleware-onion
"""

from itertools import repeat


def create_app(audit):
    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": repeat((b"x-more", b"more"))})
        await send({"type": "http.response.body", "body": b""})

    return app
