"""Ends the process with a good exit status in the middle of a request."""

import os


def create_app(audit):
    async def app(scope, receive, send):
        os._exit(0)

    return app
