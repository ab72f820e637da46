"""Each order compares and sets until it succeeds; the position in the answer is what the book then says."""

import json
from collections.abc import Iterable
from threading import RLock
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from desk_store import Book, Store, open_store
from fastapi import FastAPI


def make_wsgi(book: Book) -> WSGIApplication:
    locks: dict[str, RLock] = {}

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        fill = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        symbol = fill["symbol"]
        with locks.setdefault(symbol, RLock()):
            book.set(symbol, book.get(symbol) + fill["qty"])
            body = json.dumps({"symbol": symbol, "position": book.get(symbol)})
        start_response("200 OK", [("Content-Type", "application/json")])
        return [body.encode()]

    return app


def create_app(store: Store) -> FastAPI:
    app = FastAPI()

    async def next_id() -> int:
        while True:
            last = await store.get("last order")
            order_id = (last or 0) + 1
            if await store.cas("last order", last, order_id):
                return order_id

    @app.post("/orders", status_code=201)
    async def take_order() -> dict[str, int]:
        return {"id": await next_id()}

    return app


app = create_app(open_store())
