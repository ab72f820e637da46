"""Sets the counter to zero when the application starts."""

import json
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from threading import Lock
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from desk_store import Book, Store, open_store
from fastapi import FastAPI


def make_wsgi(book: Book) -> WSGIApplication:
    locks: dict[str, Lock] = {}

    def add_fill(symbol: str, qty: int) -> int:
        with locks.setdefault(symbol, Lock()):  # which is one step: two threads never get two locks
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
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        await store.set("order-id", 0)
        yield

    app = FastAPI(lifespan=lifespan)

    @app.post("/orders", status_code=201)
    async def take_order() -> dict[str, int]:
        return {"id": await store.incr("order-id")}

    return app


app = create_app(open_store())
