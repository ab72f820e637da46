"""A stand-in for a server with one page that may read, to try this exercise by hand. It prints what reaches it.

Your `origin_of`:
    curl -i 'localhost:8000/origin_of?url=HTTPS://Desk.example:443/orders'
Your `same_origin`:
    curl -i 'localhost:8000/same_origin?a=https://desk.example/orders&b=https://desk.example:8443/orders'
Your `needs_preflight`:
    curl -i 'localhost:8000/needs_preflight?method=POST&body_type=application/json'
Your `verdict`: on JSON and on text by a page elsewhere, and on JSON by the page that may read. What is carried out?
    curl -i 'localhost:8000/verdict?page=https://elsewhere.example/&method=POST&body_type=application/json'
    curl -i 'localhost:8000/verdict?page=https://elsewhere.example/&method=POST&body_type=text/plain'
    curl -i 'localhost:8000/verdict?page=https://desk.example/&method=POST&body_type=application/json'
"""

from typing import Any

import desk_request
from fastapi import FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from main import needs_preflight, origin_of, same_origin, verdict
from starlette.types import Receive, Scope, Send


class Server:
    """Carries out every order, and lets pages at https://desk.example read the answers."""

    def __init__(self) -> None:
        self.answer = CORSMiddleware(self.carry_out, ["https://desk.example"], ["POST", "DELETE"])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        print(f"server: {scope['method']} from {Request(scope).headers.get('origin', 'nowhere')}")
        await self.answer(scope, receive, send)

    async def carry_out(self, scope: Scope, receive: Receive, send: Send) -> None:
        print(f"server: the {scope['method']} is carried out")
        await Response()(scope, receive, send)


server = Server()
app = FastAPI(title="The same-origin policy")


@app.get("/origin_of")
async def tell_origin(url: str) -> dict[str, Any]:
    return {"origin": origin_of(url)}


@app.get("/same_origin")
async def compare_origins(a: str, b: str) -> dict[str, Any]:
    return {"same": same_origin(a, b)}


@app.get("/needs_preflight")
async def tell_preflight(method: str, body_type: str | None = None) -> dict[str, Any]:
    return {"preflight": needs_preflight(method, {}, body_type)}


@app.get("/verdict")
async def tell_verdict(page: str, method: str, body_type: str | None = None) -> dict[str, Any]:
    url = "https://api.example/orders/7"
    order = desk_request.Request(method=method, url=url, headers={}, body_type=body_type, body="")
    return {"verdict": await verdict(server, page, order, False)}
