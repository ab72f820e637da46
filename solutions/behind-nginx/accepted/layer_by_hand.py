"""An ASGI layer of its own walks through the addresses from right to left."""

from fastapi import FastAPI, Request, Response
from pydantic import BaseModel
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send


class Order(BaseModel):
    id: str
    symbol: str


class Forwarded:
    """Puts into the scope what trusted proxies say."""

    def __init__(self, app: ASGIApp, trusted: list[str]) -> None:
        self.app, self.trusted = app, trusted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = scope.get("client")
        if client and client[0] in self.trusted:
            headers = Headers(scope=scope)
            scheme = headers.get("x-forwarded-proto")
            if scheme in {"http", "https"}:
                scope["scheme"] = scheme
            address, lines = client[0], headers.getlist("x-forwarded-for")
            addresses = [address for line in lines for address in line.split(", ")]
            while addresses and address in self.trusted:
                address = addresses.pop()
            scope["client"] = (address, *client[1:])
        await self.app(scope, receive, send)


def create_app(trusted: list[str]) -> FastAPI:
    app = FastAPI()
    app.add_middleware(Forwarded, trusted=trusted)

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
