"""Client and scheme are found out for /whoami, and links are made as before."""

from fastapi import FastAPI, Request, Response
from pydantic import BaseModel


class Order(BaseModel):
    id: str
    symbol: str


def create_app(trusted: list[str]) -> FastAPI:
    app = FastAPI()

    @app.get("/whoami")
    async def whoami(request: Request) -> dict[str, str]:
        client, scheme = request.client.host if request.client else "", request.url.scheme
        if client in trusted:
            lines = request.headers.getlist("x-forwarded-for")
            addresses = [address for line in lines for address in line.split(", ")]
            strangers = [address for address in addresses if address not in trusted]
            if addresses:
                client = (strangers[-1:] or addresses)[0]
            said = request.headers.get("x-forwarded-proto")
            if said in ("http", "https"):
                scheme = said
        return {"client": client, "scheme": scheme}

    @app.get("/orders/{order_id}")
    async def show_order(order_id: str) -> dict[str, str]:
        return {"id": order_id}

    @app.post("/orders", status_code=201)
    async def take_order(order: Order, request: Request, response: Response) -> dict[str, str]:
        response.headers["Location"] = str(request.url_for("show_order", order_id=order.id))
        return {"id": order.id}

    return app
