"""Goes on with every request whatever is done to stop it.

succeeds: harmed
stopped by: process
control: none, a server without a limit waits for ever
exercise: middleware-onion
"""

import asyncio


def create_app(audit):
    async def app(scope, receive, send):
        while True:
            try:
                await asyncio.sleep(3600)
            except asyncio.CancelledError:
                continue

    return app
