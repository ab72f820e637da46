"""The scheme is believed, whoever says it."""

from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request, Response
from pydantic import BaseModel


class Order(BaseModel):
    id: str
    symbol: str


def create_app(trusted: list[str]) -> FastAPI:
    app = FastAPI()

    @app.middleware("http")
    async def believe_proxies(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        if request.client and request.client.host in trusted:
            addresses = [address for line in request.headers.getlist("x-forwarded-for") for address in line.split(", ")]
            strangers = [address for address in addresses if address not in trusted]
            if addresses:
                request.scope["client"] = ((strangers[-1:] or addresses)[0], 0)
        scheme = request.headers.get("x-forwarded-proto")
        if scheme in ("http", "https"):
            request.scope["scheme"] = scheme
        return await call_next(request)

    @app.get("/whoami")
    async def whoami(request: Request) -> dict[str, str]:
        client = request.client.host if request.client else ""
        return {"client": client, "scheme": request.url.scheme}

    @app.get("/orders/{order_id}")
    async def show_order(order_id: str) -> dict[str, str]:
        return {"id": order_id}

    @app.post("/orders", status_code=201)
    async def take_order(order: Order, request: Request, response: Response) -> dict[str, str]:
        response.headers["Location"] = str(request.url_for("show_order", order_id=order.id))
        return {"id": order.id}

    return app
