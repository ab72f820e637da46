"""Sends everybody on, each time to another place that sends them on.

succeeds: harmed
stopped by: process
control: none, it harms only whoever follows
exercise: middleware-onion
"""


def create_app(audit):
    async def app(scope, receive, send):
        location = scope["path"].encode()[:100] + b"/x"
        await send({"type": "http.response.start", "status": 307, "headers": [(b"location", location)]})
        await send({"type": "http.response.body", "body": b""})

    return app
