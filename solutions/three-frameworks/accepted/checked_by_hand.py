"""Orders are checked and described by hand, without Pydantic, and Django is an ASGI application with async views."""

import json
from http import HTTPStatus
from typing import Any, Protocol, cast

from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, path
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from flask import Flask, request

Content = dict[str, Any]


class Store(Protocol):
    def add(self, order: dict[str, Any]) -> str: ...

    def get(self, order_id: str) -> dict[str, Any] | None: ...


urlpatterns: list[URLPattern] = []

LONGEST_SYMBOL = 6
LARGEST_QUANTITY = 1_000_000

SCHEMA: Content = {
    "type": "object",
    "required": ["side", "qty", "symbol"],
    "properties": {
        "side": {"enum": ["sell", "buy"]},
        "qty": {"type": "integer", "minimum": 1, "maximum": LARGEST_QUANTITY},
        "symbol": {"type": "string", "minLength": 1, "maxLength": LONGEST_SYMBOL},
    },
}


def answers(*statuses: int) -> Content:
    return {str(status): {"description": HTTPStatus(status).phrase} for status in statuses}


DOCUMENT: Content = {
    "openapi": "3.0.3",
    "info": {"title": "Orders", "version": "1"},
    "paths": {
        "/orders": {
            "post": {
                "requestBody": {"content": {"application/json": {"schema": SCHEMA}}},
                "responses": answers(201, 422),
            }
        },
        "/orders/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
            "get": {"responses": answers(200, 404)},
        },
    },
}


def refusal(*places: list[str]) -> tuple[Content, int]:
    return {"detail": [{"loc": place, "msg": "This is not as described."} for place in places]}, 422


def place_order(store: Store, content_type: str, body: bytes) -> tuple[Content, int]:
    if content_type.partition(";")[0] != "application/json":
        return refusal(["body"])
    try:
        sent: Any = json.loads(body)
    except ValueError:
        return refusal(["body"])
    if not isinstance(sent, dict):
        return refusal(["body"])
    order = {name: cast("Content", sent).get(name) for name in ("symbol", "qty", "side")}
    symbol, quantity = order["symbol"], order["qty"]
    wrong: list[list[str]] = []
    if not isinstance(symbol, str) or not 1 <= len(symbol) <= LONGEST_SYMBOL:
        wrong.append(["body", "symbol"])
    if type(quantity) is not int or not 1 <= quantity <= LARGEST_QUANTITY:
        wrong.append(["body", "qty"])
    if order["side"] not in ("buy", "sell"):
        wrong.append(["body", "side"])
    if wrong:
        return refusal(*wrong)
    return {**order, "id": store.add(order)}, 201


def find_order(store: Store, order_id: str) -> tuple[Content, int]:
    if (order := store.get(order_id)) is None:
        return {"detail": f"There is no order {order_id}."}, 404
    return {**order, "id": order_id}, 200


def make_fastapi(store: Store) -> FastAPI:
    app = FastAPI(openapi_url=None)

    @app.get("/openapi.json")
    async def describe() -> Content:
        return DOCUMENT

    @app.post("/orders")
    async def place(request: Request) -> JSONResponse:
        return JSONResponse(*place_order(store, request.headers.get("content-type", ""), await request.body()))

    @app.get("/orders/{order_id}")
    async def find(order_id: str) -> JSONResponse:
        return JSONResponse(*find_order(store, order_id))

    return app


def make_flask(store: Store) -> Flask:
    app = Flask(__name__)

    @app.route("/orders", methods=["POST"])
    def place() -> tuple[Content, int]:
        return place_order(store, request.headers.get("Content-Type", ""), request.data)

    @app.route("/orders/<order_id>")
    def find(order_id: str) -> tuple[Content, int]:
        return find_order(store, order_id)

    @app.route("/openapi.json")
    def describe() -> Content:
        return DOCUMENT

    return app


def make_django(store: Store) -> ASGIHandler:
    settings.configure(ROOT_URLCONF=__name__)  # no middlewares: there are no cookies here to protect

    def answer(content: Content, status: int) -> JsonResponse:
        return JsonResponse(content, status=status)

    async def place(request: HttpRequest) -> JsonResponse:
        if request.method != "POST":
            return answer({}, 405)
        return answer(*place_order(store, request.headers.get("Content-Type", ""), request.body))

    async def find(request: HttpRequest, order_id: str) -> JsonResponse:
        return answer(*find_order(store, order_id)) if request.method == "GET" else answer({}, 405)

    async def describe(_request: HttpRequest) -> JsonResponse:
        return answer(DOCUMENT, 200)

    urlpatterns[:] = [path("openapi.json", describe), path("orders", place), path("orders/<str:order_id>", find)]
    return get_asgi_application()
