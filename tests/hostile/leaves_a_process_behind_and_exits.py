"""Leaves a process behind that keeps the channel open, and ends its own."""

import os


def create_app(audit):
    async def app(scope, receive, send):
        if scope["method"] == "POST":
            if os.fork() == 0:
                os.setsid()
                open("@FIFO@").read()
            os._exit(0)

    return app
