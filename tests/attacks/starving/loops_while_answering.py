"""Computes for ever in the middle of a request, on the event loop.

succeeds: harmed
stopped by: limits
control: none, it never ends
exercise: middleware-onion
"""


def create_app(audit):
    async def app(scope, receive, send):
        while True:
            pass

    return app
