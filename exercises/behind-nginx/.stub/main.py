"""A desk that stands behind proxies. See README.md beside this file."""

from fastapi import FastAPI, Request, Response
from pydantic import BaseModel


class Order(BaseModel):
    """What a trader sends to `POST /orders`."""

    id: str
    symbol: str


def create_app(trusted: list[str]) -> FastAPI:
    """Return the desk. `trusted` has the addresses of the proxies whose word counts."""
    app = FastAPI()
    # TODO: believe what trusted proxies say of the client and the scheme, and nobody else

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
