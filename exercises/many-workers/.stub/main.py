"""Fills from many threads, and order ids from many processes. See README.md beside this file."""

import json
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from desk_store import Book, Store
from fastapi import FastAPI


def make_wsgi(book: Book) -> WSGIApplication:
    """Return the WSGI application that books fills. Its server calls it in several threads at the same time."""

    def add_fill(symbol: str, qty: int) -> int:
        # TODO: add the quantity to the position in the book, and return the new position, by the rules in README.md
        raise NotImplementedError

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        fill = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        position = add_fill(fill["symbol"], fill["qty"])
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps({"symbol": fill["symbol"], "position": position}).encode()]

    return app


def create_app(store: Store) -> FastAPI:
    """Return the ASGI application that takes orders. Its server runs it in several processes at the same time."""
    app = FastAPI()

    @app.post("/orders", status_code=201)
    async def take_order() -> dict[str, int]:
        # TODO: return {"id": ...} with the next id of all workers together, by the rules in README.md
        raise NotImplementedError

    return app


# TODO: make the `app` that `uvicorn main:app --workers 4` serves, with the store of the desk (`desk_store.open_store`)
