r"""Stand-ins for the feed and the blotter, to try this exercise by hand. They print what they do.

A trader has a quote:
    curl -i localhost:8000/quotes/AAPL -H X-Trader-Token:t-alice
The load balancer asks without a token, and this is 200 once it is served:
    curl -i localhost:8000/metrics/ping
The blotter takes five seconds, and its link leads back to it. Ask for a quote while you wait:
    curl -i localhost:8000/v1/trades/7 -H X-Trader-Token:t-alice
A stranger is refused with 401 everywhere else:
    curl -i localhost:8000/v1/trades/7
The schema has two paths, and no more. The page that is drawn from it may want a token, too:
    curl localhost:8000/openapi.json -H X-Trader-Token:t-bob
    curl localhost:8000/docs -H X-Trader-Token:t-bob
"""

import threading
import time
from collections.abc import Iterator
from wsgiref.types import StartResponse, WSGIEnvironment
from wsgiref.util import application_uri

from main import create_app


class Feed:
    """Knows one price."""

    async def start(self) -> None:
        print("feed: started")

    async def stop(self) -> None:
        print("feed: stopped")

    async def quote(self, symbol: str, /) -> str:
        print(f"feed: asked for {symbol}")
        return "189.50"


def blotter(environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
    """Thinks for five seconds. Event loop and application are in MainThread."""
    where = f"SCRIPT_NAME={environ['SCRIPT_NAME']!r}, PATH_INFO={environ['PATH_INFO']!r}"
    print(f"blotter: asked in {threading.current_thread().name}, {where}")
    time.sleep(5)
    start_response("200 OK", [("Content-Type", "text/plain")])
    yield f"the next trade: {application_uri(environ)}/trades/8\n".encode()
    print("blotter: has answered")


app = create_app(blotter, Feed())
