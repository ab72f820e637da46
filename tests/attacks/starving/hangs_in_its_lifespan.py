"""Never comes up: what a server does before the first request has no end, and neither has the farewell.

succeeds: harmed
stopped by: process
control: none, a server without a limit waits for ever
exercise: middleware-onion
"""

import asyncio


def create_app(audit):
    async def app(scope, receive, send):
        if scope["type"] == "lifespan":
            try:
                await asyncio.Event().wait()
            finally:
                await asyncio.Event().wait()

    return app
