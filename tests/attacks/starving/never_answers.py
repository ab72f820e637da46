"""Accepts every request and never says another word.

succeeds: harmed
stopped by: process
control: none, a client without a limit waits for ever
exercise: middleware-onion
"""

import asyncio


def create_app(audit):
    async def app(scope, receive, send):
        await asyncio.Event().wait()

    return app
