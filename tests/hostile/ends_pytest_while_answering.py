"""Ends the whole test run with a good exit status, in the middle of a request."""

import pytest


def create_app(audit):
    async def app(scope, receive, send):
        pytest.exit("all done", returncode=0)

    return app
