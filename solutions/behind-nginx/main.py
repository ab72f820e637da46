"""The layer that uvicorn has for this puts client and scheme into the scope."""

from fastapi import FastAPI, Request, Response
from pydantic import BaseModel
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware


class Order(BaseModel):
    id: str
    symbol: str


def create_app(trusted: list[str]) -> FastAPI:
    app = FastAPI()
    app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=trusted)

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
