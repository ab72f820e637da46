"""A stand-in for the machine of the desk, to try this exercise by hand. It writes down your nginx.conf.

This is the desk without Nginx, with /api in front of its links. It knows its own paths:
    curl -i localhost:8000/quotes/AAPL
    curl -i localhost:8000/whoami
It is asked for /api by nobody but an Nginx that keeps the prefix, and says 404:
    curl -i localhost:8000/api/quotes/AAPL

Start Nginx in another terminal, with the commands that are printed below. It listens at port 8080.
Whenever you save main.py, your configuration is written anew. Stop Nginx and start it again to use it.
"""

import tempfile
from pathlib import Path

from desk import app as desk
from main import render
from starlette.types import Receive, Scope, Send

WORK = Path(tempfile.gettempdir(), "nginx-front")
STATIC = WORK / "static"

COMMANDS = f"""\
Test your configuration, start Nginx with it, ask for a file and for a quote, and stop Nginx:
    nginx -p {WORK} -c {WORK}/nginx.conf -t
    nginx -p {WORK} -c {WORK}/nginx.conf -g "daemon on; error_log {WORK}/error.log;"
    curl -i localhost:8080/static/desk.css
    curl -i localhost:8080/api/quotes/AAPL
    nginx -p {WORK} -c {WORK}/nginx.conf -s stop
"""


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Put /api in front of every path, as `uvicorn --root-path /api` does."""
    if scope["type"] != "lifespan":
        scope = {**scope, "root_path": "/api", "path": f"/api{scope['path']}"}
    await desk(scope, receive, send)


STATIC.mkdir(parents=True, exist_ok=True)
(STATIC / "desk.css").write_text("body { color: darkgreen }\n")
(WORK / "nginx.conf").write_text(render("127.0.0.1:8000", 8080, str(STATIC), str(WORK)))
print(COMMANDS)
