"""One table checks and describes orders, Flask's views are async, and functions are around all three applications."""

import json
from collections.abc import Awaitable, Callable, Iterable
from http import HTTPStatus
from typing import Any, Protocol, cast
from wsgiref.types import StartResponse, WSGIEnvironment

from django.conf import settings
from django.core.asgi import get_asgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from fastapi import FastAPI, Request, Response
from flask import Flask, request

Asgi = Callable[[Any, Any, Any], Awaitable[None]]
Wsgi = Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]


class Store(Protocol):
    def add(self, order: dict[str, Any]) -> str: ...

    def get(self, order_id: str) -> dict[str, Any] | None: ...


urlpatterns: list[URLPattern] = []

FIELDS: dict[str, dict[str, Any]] = {
    "symbol": {"type": "string", "minLength": 1, "maxLength": 6},
    "qty": {"type": "integer", "minimum": 1, "maximum": 1_000_000},
    "side": {"type": "string", "enum": ["buy", "sell"]},
}
TYPES: dict[str, type] = {"string": str, "integer": int}


def is_within(value: Any, limits: dict[str, Any]) -> bool:
    if "enum" in limits:
        return value in limits["enum"]
    if "minimum" in limits:
        return limits["minimum"] <= value <= limits["maximum"]
    return limits["minLength"] <= len(value) <= limits["maxLength"]


def is_right(value: Any, limits: dict[str, Any]) -> bool:
    return type(value) is TYPES[limits["type"]] and is_within(value, limits)


def read_json(content_type: str, body: bytes) -> Any:
    try:
        return json.loads(body) if content_type.startswith("application/json") else None
    except ValueError:
        return None


def place_order(store: Store, content_type: str, body: bytes) -> tuple[int, str]:
    sent = read_json(content_type, body)
    if not isinstance(sent, dict):
        return 422, json.dumps({"detail": [{"loc": ["body"], "msg": "This is no order."}]})
    order = {name: cast("dict[str, Any]", sent).get(name) for name in FIELDS}
    if wrong := [name for name, limits in FIELDS.items() if not is_right(order[name], limits)]:
        problems = [{"loc": ["body", name], "msg": f"This is no {name}."} for name in wrong]
        return 422, json.dumps({"detail": problems})
    return 201, json.dumps({"id": store.add(order), **order})


def find_order(store: Store, order_id: str) -> tuple[int, str]:
    order = store.get(order_id)
    if order is None:
        return 404, json.dumps({"detail": f"There is no order {order_id}."})
    return 200, json.dumps({"id": order_id, **order})


def described() -> str:
    parameter = {"name": "order", "in": "path", "required": True, "schema": {"type": "string"}}
    components = {
        "schemas": {"Order": {"type": "object", "required": list(FIELDS), "properties": FIELDS}},
        "parameters": {"Order": parameter},
        "responses": {str(status): {"description": HTTPStatus(status).phrase} for status in (200, 201, 404, 422)},
    }
    place = {
        "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}},
        "responses": {status: {"$ref": f"#/components/responses/{status}"} for status in ("201", "422")},
    }
    find = {
        "parameters": [{"$ref": "#/components/parameters/Order"}],
        "responses": {status: {"$ref": f"#/components/responses/{status}"} for status in ("200", "404")},
    }
    paths = {"/orders": {"post": place}, "/orders/{order}": {"get": find}}
    info = {"title": "The desk", "version": "2.0"}
    return json.dumps({"openapi": "3.1.0", "info": info, "paths": paths, "components": components})


def make_fastapi(store: Store) -> Asgi:
    app = FastAPI(openapi_url=None)

    def answer(status: int, content: str) -> Response:
        return Response(content, status, media_type="application/json")

    @app.get("/openapi.json")
    async def describe() -> Response:
        return answer(200, described())

    @app.post("/orders")
    async def place(request: Request) -> Response:
        return answer(*place_order(store, request.headers.get("content-type", ""), await request.body()))

    @app.get("/orders/{order_id}")
    async def find(order_id: str) -> Response:
        return answer(*find_order(store, order_id))

    async def serve(scope: Any, receive: Any, send: Any) -> None:
        await app(scope, receive, send)

    return serve


def make_flask(store: Store) -> Wsgi:
    app = Flask(__name__)

    def answer(status: int, content: str) -> tuple[str, int, dict[str, str]]:
        return content, status, {"Content-Type": "application/json"}

    @app.post("/orders")
    async def place() -> tuple[str, int, dict[str, str]]:
        return answer(*place_order(store, request.headers.get("content-type", ""), request.get_data()))

    @app.get("/orders/<order_id>")
    async def find(order_id: str) -> tuple[str, int, dict[str, str]]:
        return answer(*find_order(store, order_id))

    @app.get("/openapi.json")
    async def describe() -> tuple[str, int, dict[str, str]]:
        return answer(200, described())

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return app(environ, start_response)

    return serve


def make_django(store: Store) -> Asgi:
    settings.configure(ROOT_URLCONF=__name__)

    def answer(status: int, content: str) -> HttpResponse:
        return HttpResponse(content, "application/json", status)

    def place(request: HttpRequest) -> HttpResponse:
        if request.method == "POST":
            return answer(*place_order(store, request.headers.get("content-type", ""), request.body))
        return HttpResponse(status=405)

    def find(request: HttpRequest, order_id: str) -> HttpResponse:
        return answer(*find_order(store, order_id)) if request.method == "GET" else HttpResponse(status=405)

    def describe(_request: HttpRequest) -> HttpResponse:
        return answer(200, described())

    urlpatterns[:] = [path("orders", place), path("orders/<order_id>", find), path("openapi.json", describe)]
    handler = get_asgi_application()

    def serve(scope: Any, receive: Any, send: Any) -> Awaitable[None]:
        return handler(scope, receive, send)

    return serve
