"""The metrics of the desk: plain Starlette endpoints, each of which takes a request and returns a response."""

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

GAUGES = {"orders-waiting": 3, "venues-open": 12}
"""Name -> value. Another part of the desk keeps them up to date."""


async def ping(request: Request) -> Response:
    """Say that the desk is up. Load balancers ask for this, and have no token."""
    return PlainTextResponse("pong")


async def gauge(request: Request) -> Response:
    """Tell the value of one gauge, whose name is the parameter `name` of the path."""
    name = request.path_params["name"]
    if name not in GAUGES:
        return JSONResponse({"detail": "no such gauge"}, 404)
    return JSONResponse({"name": name, "value": GAUGES[name]})
