"""Keeps the fill that is being booked on the application object."""

import json
from collections.abc import Iterable
from threading import Lock
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from desk_store import Book, Store, open_store
from fastapi import FastAPI


class Fills:
    def __init__(self, book: Book) -> None:
        self.book = book
        self.locks: dict[str, Lock] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self.fill = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        with self.locks.setdefault(self.fill["symbol"], Lock()):
            position = self.book.get(self.fill["symbol"])
            position += self.fill["qty"]
            self.book.set(self.fill["symbol"], position)
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps({"symbol": self.fill["symbol"], "position": position}).encode()]


def make_wsgi(book: Book) -> WSGIApplication:
    return Fills(book)


def create_app(store: Store) -> FastAPI:
    app = FastAPI()

    @app.post("/orders", status_code=201)
    async def take_order() -> dict[str, int]:
        return {"id": await store.incr("order-id")}

    return app


app = create_app(open_store())
