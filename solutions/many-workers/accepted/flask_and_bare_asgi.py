"""Flask books the fills; the other application is a bare ASGI function."""

import json
from threading import Semaphore

from desk_store import Book, Store, open_store
from flask import Flask, request
from starlette.types import ASGIApp, Receive, Scope, Send


def make_wsgi(book: Book) -> Flask:
    app = Flask(__name__)
    turns: dict[str, Semaphore] = {}

    @app.post("/fill")
    def add_fill() -> dict[str, object]:
        symbol, qty = request.json["symbol"], request.json["qty"]
        with turns.setdefault(symbol, Semaphore()):
            position = book.get(symbol) + qty
            book.set(symbol, position)
        return {"symbol": symbol, "position": position}

    return app


def create_app(store: Store) -> ASGIApp:
    async def desk(scope: Scope, _receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise NotImplementedError
        body = json.dumps({"id": await store.incr("orders")}).encode()
        await send({"type": "http.response.start", "status": 201, "headers": [(b"content-type", b"application/json")]})
        await send({"type": "http.response.body", "body": body})

    return desk


app = create_app(open_store())
