"""A dependency finds out client and scheme, and nothing is changed in the scope."""

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Annotated

from fastapi import Depends, FastAPI, Request, Response
from pydantic import BaseModel


class Order(BaseModel):
    id: str
    symbol: str


@dataclass
class Origin:
    client: str
    scheme: str


def create_app(trusted: list[str]) -> FastAPI:
    app = FastAPI()
    proxies = {ip_address(address) for address in trusted}

    def find_origin(request: Request) -> Origin:
        peer, scheme = request.client.host if request.client else "", request.url.scheme
        if ip_address(peer) not in proxies:
            return Origin(peer, scheme)
        lines = [*request.headers.getlist("x-forwarded-for"), peer]
        addresses = ", ".join(lines).split(", ")
        client = next((address for address in reversed(addresses) if ip_address(address) not in proxies), addresses[0])
        said = request.headers.get("x-forwarded-proto")
        return Origin(client, said if said in ("http", "https") else scheme)

    @app.get("/whoami")
    async def whoami(origin: Annotated[Origin, Depends(find_origin)]) -> dict[str, str]:
        return {"client": origin.client, "scheme": origin.scheme}

    @app.get("/orders/{order_id}")
    async def show_order(order_id: str) -> dict[str, str]:
        return {"id": order_id}

    @app.post("/orders", status_code=201)
    async def take_order(
        order: Order, request: Request, response: Response, origin: Annotated[Origin, Depends(find_origin)]
    ) -> dict[str, str]:
        link = request.url_for("show_order", order_id=order.id)
        response.headers["Location"] = str(link.replace(scheme=origin.scheme))
        return {"id": order.id}

    return app
