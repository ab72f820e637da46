"""Starts tasks that each start the next two and keep all of them.

succeeds: harmed
stopped by: limits
control: none, it never ends
exercise: middleware-onion
"""

import asyncio

kept = []


async def multiply():
    while True:
        kept.append(asyncio.create_task(multiply()))
        await asyncio.sleep(0)


def create_app(audit):
    async def app(scope, receive, send):
        await multiply()

    return app
