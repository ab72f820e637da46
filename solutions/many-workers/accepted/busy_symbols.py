"""A set of busy symbols and a condition instead of locks, in a class; the orders are taken by Starlette."""

import json
from collections.abc import Iterable
from threading import Condition
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from desk_store import Book, Store, open_store
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route


class Fills:
    def __init__(self, book: Book) -> None:
        self.book = book
        self.busy: set[str] = set()
        self.changed = Condition()

    def add(self, symbol: str, qty: int) -> int:
        with self.changed:
            self.changed.wait_for(lambda: symbol not in self.busy)
            self.busy.add(symbol)
        position = self.book.get(symbol) + qty
        self.book.set(symbol, position)
        with self.changed:
            self.busy.remove(symbol)
            self.changed.notify_all()
        return position

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        fill = json.load(environ["wsgi.input"])
        position = self.add(fill["symbol"], fill["qty"])
        start_response("200 OK", [("Content-Type", "application/json")])
        yield json.dumps({"symbol": fill["symbol"], "position": position}).encode()


def make_wsgi(book: Book) -> WSGIApplication:
    return Fills(book)


def create_app(store: Store) -> Starlette:
    async def take_order(_: Request) -> JSONResponse:
        return JSONResponse({"id": await store.incr("orders")}, status_code=201)

    return Starlette(routes=[Route("/orders", take_order, methods=["POST"])])


app = create_app(open_store())
