"""A stand-in for the feed, and a page that opens a WebSocket, to try this exercise by hand. The feed prints who comes.

Look at the page with a browser, at http://localhost:8000/. It has a token. Choose other symbols, and close it again:
    curl -i localhost:8000/
The same page at http://127.0.0.1:8000/ is one of another origin, and the desk must not let it in.
At the address of the WebSocket there is nothing for a plain request, so this is 404:
    curl -i localhost:8000/quotes/AAPL

A price comes every second. The symbol END has three, and then no more.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from itertools import count

from fastapi.responses import HTMLResponse
from main import create_app
from starlette.types import Receive, Scope, Send

PAGE = """\
<!doctype html>
<title>Live quotes</title>
<form>
  <input name="symbol" value="MSFT"> <button>choose</button> <button name="junk">send what nobody can read</button>
</form>
<pre></pre>
<script>
  const show = text => document.querySelector("pre").textContent += text + "\\n"
  document.cookie = "token=t-alice; path=/"
  const socket = new WebSocket(`ws://${location.host}/quotes/AAPL`)
  socket.onopen = () => show("open")
  socket.onmessage = event => show(event.data)
  socket.onclose = event => show(`closed with ${event.code}`)
  document.querySelector("form").onsubmit = event => {
    event.preventDefault()
    const symbol = event.target.symbol.value
    socket.send(event.submitter.name ? "junk" : JSON.stringify({ symbol }))
  }
</script>
"""


class Feed:
    """Has a price every second."""

    @asynccontextmanager
    async def subscribe(self, symbol: str, /) -> AsyncGenerator[AsyncGenerator[str]]:
        print(f"feed: somebody subscribes to {symbol}")
        try:
            yield self.prices(symbol)
        finally:
            print(f"feed: the subscription to {symbol} is over")

    async def prices(self, symbol: str) -> AsyncGenerator[str]:
        for number in range(3) if symbol == "END" else count():
            await asyncio.sleep(1)
            yield f"{100 + number / 10:.2f}"


desk = create_app(Feed(), ["t-alice"], "http://localhost:8000")


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve the page at the root, and leave the rest to the desk."""
    if scope["type"] == "http" and scope["path"] == "/":
        print("page: somebody looks at it")
        await HTMLResponse(PAGE)(scope, receive, send)
    else:
        await desk(scope, receive, send)
