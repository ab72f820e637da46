"""Makes the lock in the function that takes it, so that every fill has one to itself."""

import json
from collections.abc import Iterable
from threading import Lock
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from desk_store import Book, Store, open_store
from fastapi import FastAPI


def make_wsgi(book: Book) -> WSGIApplication:
    def add_fill(symbol: str, qty: int) -> int:
        lock = Lock()
        with lock:
            position = book.get(symbol) + qty
            book.set(symbol, position)
        return position

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        fill = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        position = add_fill(fill["symbol"], fill["qty"])
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps({"symbol": fill["symbol"], "position": position}).encode()]

    return app


def create_app(store: Store) -> FastAPI:
    app = FastAPI()

    @app.post("/orders", status_code=201)
    async def take_order() -> dict[str, int]:
        return {"id": await store.incr("order-id")}

    return app


app = create_app(open_store())
