"""Whoever has a private address is taken for a proxy."""

from collections.abc import Awaitable, Callable
from ipaddress import ip_address, ip_network

from fastapi import FastAPI, Request, Response
from pydantic import BaseModel


class Order(BaseModel):
    id: str
    symbol: str


OFFICE = ip_network("10.0.0.0/8")


def create_app(trusted: list[str]) -> FastAPI:
    app = FastAPI()

    def is_proxy(address: str) -> bool:
        return address in trusted or ip_address(address) in OFFICE

    @app.middleware("http")
    async def believe_proxies(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        if request.client and is_proxy(request.client.host):
            addresses = [address for line in request.headers.getlist("x-forwarded-for") for address in line.split(", ")]
            strangers = [address for address in addresses if not is_proxy(address)]
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
