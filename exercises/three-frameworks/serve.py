r"""Stand-ins for the store and for a server, to try this exercise by hand. It prints what is asked of the store.

One store is behind all three, under /fastapi, /flask and /django. An order is answered with 201:
    curl -i localhost:8000/flask/orders -H Content-Type:application/json \
        -d '{"symbol": "AAPL", "qty": 10, "side": "buy"}'
The other two find what one has placed, and answer with 200:
    curl -i localhost:8000/fastapi/orders/order-1
    curl -i localhost:8000/django/orders/order-1
A wrong order is refused with 422, and all three name the same fields:
    curl -i localhost:8000/fastapi/orders -H Content-Type:application/json -d '{"symbol": "AAPL", "qty": true}'
    curl -i localhost:8000/django/orders -H Content-Type:application/json -d '{"symbol": "AAPL", "qty": true}'
Each describes itself, which is 200:
    curl -i localhost:8000/django/openapi.json
"""

import inspect
from typing import Any

from a2wsgi import WSGIMiddleware
from fastapi import FastAPI
from main import make_django, make_fastapi, make_flask


class Store:
    """Keeps orders in memory, and prints what it is asked."""

    def __init__(self) -> None:
        self.orders: dict[str, dict[str, Any]] = {}

    def add(self, order: dict[str, Any]) -> str:
        """Keep an order."""
        order_id = f"order-{len(self.orders) + 1}"
        print(f"store: add {order} as {order_id}")
        self.orders[order_id] = order
        return order_id

    def get(self, order_id: str) -> dict[str, Any] | None:
        """Look for an order."""
        print(f"store: get {order_id}")
        return self.orders.get(order_id)


def for_asgi(app: Any) -> Any:
    """Return an application for an ASGI server, which calls it with three arguments and not with two as WSGI does."""
    return app if len(inspect.signature(app).parameters) == 3 else WSGIMiddleware(app)


store = Store()
app = FastAPI(title="Three frameworks")
app.mount("/fastapi", for_asgi(make_fastapi(store)))
app.mount("/flask", for_asgi(make_flask(store)))
app.mount("/django", for_asgi(make_django(store)))
