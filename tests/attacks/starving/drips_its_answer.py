"""Sends one byte at a time, always just before anybody loses patience.

succeeds: harmed
stopped by: limits
control: none, a client without a limit waits for ever
exercise: middleware-onion
"""

import asyncio


def create_app(audit):
    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while True:
            await asyncio.sleep(0.5)
            await send({"type": "http.response.body", "body": b"x", "more_body": True})

    return app
