"""A request id and a trail for any application. See README.md beside this file."""

from fastapi import FastAPI
from starlette.types import ASGIApp


def current_rid() -> str:
    """Return the id of the request that is being worked on."""
    # TODO: return the id that `instrument` has given to this request
    return ""


def instrument(app: FastAPI, trail: list[tuple[str, int]]) -> ASGIApp:
    """Return the application with a request id on every answer, and a line `(rid, status)` in `trail` for each."""
    # TODO: whatever happens to a request,
    #   - its answer carries X-Request-ID, the one that was sent or a new one
    #   - an exception that nobody handles is answered with 500, {"detail": "internal", "request_id": rid}
    #   - the trail gets its line once the last part has left, before background tasks run
    #   - a stream flows on undelayed, and one that breaks off stays broken
    return app
