"""Runs through an endless asynchronous generator that never lets the event loop have its turn.

succeeds: harmed
stopped by: limits
control: none, it never ends
exercise: middleware-onion
"""


async def numbers():
    while True:
        yield 1


def create_app(audit):
    async def app(scope, receive, send):
        async for _ in numbers():
            pass

    return app
