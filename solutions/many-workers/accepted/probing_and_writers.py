"""An order takes the first id that is free; each symbol has a pool of one thread, which alone writes its position."""

import json
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from desk_store import Book, Store, open_store
from fastapi import FastAPI


def make_wsgi(book: Book) -> WSGIApplication:
    writers: dict[str, ThreadPoolExecutor] = {}

    def write(symbol: str, qty: int) -> int:
        position = book.get(symbol) + qty
        book.set(symbol, position)
        return position

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        fill = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        writer = writers.setdefault(fill["symbol"], ThreadPoolExecutor(max_workers=1))
        position = writer.submit(write, fill["symbol"], fill["qty"]).result()
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps({"symbol": fill["symbol"], "position": position}).encode()]

    return app


def create_app(store: Store) -> FastAPI:
    app = FastAPI()

    @app.post("/orders", status_code=201)
    async def take_order() -> dict[str, int]:
        order_id = 1
        while not await store.set(f"order {order_id} is taken", 1, nx=True):
            order_id += 1
        return {"id": order_id}

    return app


app = create_app(open_store())
