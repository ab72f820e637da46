"""Flask and Django have no document."""

from typing import Annotated, Any, Literal, Protocol

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST
from fastapi import FastAPI, HTTPException
from flask import Flask, request
from pydantic import BaseModel, Field, ValidationError


class Store(Protocol):
    def add(self, order: dict[str, Any]) -> str: ...

    def get(self, order_id: str) -> dict[str, Any] | None: ...


urlpatterns: list[URLPattern] = []

DJANGO_SETTINGS: dict[str, Any] = {
    "ROOT_URLCONF": __name__,
    "DEBUG": True,
    "ALLOWED_HOSTS": ["*"],
    "SECRET_KEY": "only for this exercise",
    "MIDDLEWARE": [
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
    ],
}


class Order(BaseModel):
    symbol: Annotated[str, Field(min_length=1, max_length=6)]
    qty: Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
    side: Literal["buy", "sell"]


def place_order(store: Store, content_type: str | None, body: bytes) -> tuple[dict[str, Any], int]:
    if content_type != "application/json":
        return {"detail": [{"loc": ["body"], "msg": "an order is sent as application/json"}]}, 422
    try:
        order = Order.model_validate_json(body).model_dump()
    except ValidationError as error:
        return {"detail": [{"loc": ["body", *each["loc"]], "msg": each["msg"]} for each in error.errors()]}, 422
    return {"id": store.add(order), **order}, 201


def find_order(store: Store, order_id: str) -> tuple[dict[str, Any], int]:
    order = store.get(order_id)
    if order is None:
        return {"detail": "Not Found"}, 404
    return {"id": order_id, **order}, 200


def make_fastapi(store: Store) -> FastAPI:
    app = FastAPI()

    @app.post("/orders", status_code=201)
    async def place(order: Order) -> dict[str, Any]:
        fields = order.model_dump()
        return {"id": store.add(fields), **fields}

    @app.get("/orders/{order_id}", responses={404: {}})
    async def find(order_id: str) -> dict[str, Any]:
        order = store.get(order_id)
        if order is None:
            raise HTTPException(404)
        return {"id": order_id, **order}

    return app


def make_flask(store: Store) -> Flask:
    app = Flask(__name__)

    @app.post("/orders")
    def place() -> tuple[dict[str, Any], int]:
        return place_order(store, request.mimetype, request.get_data())

    @app.get("/orders/<order_id>")
    def find(order_id: str) -> tuple[dict[str, Any], int]:
        return find_order(store, order_id)

    return app


def make_django(store: Store) -> WSGIHandler:
    if not settings.configured:
        settings.configure(**DJANGO_SETTINGS)

    @csrf_exempt
    @require_POST
    def place(request: HttpRequest) -> JsonResponse:
        content, status = place_order(store, request.content_type, request.body)
        return JsonResponse(content, status=status)

    @csrf_exempt
    @require_GET
    def find(_request: HttpRequest, order_id: str) -> JsonResponse:
        content, status = find_order(store, order_id)
        return JsonResponse(content, status=status)

    urlpatterns[:] = [path("orders", place), path("orders/<order_id>", find)]
    return get_wsgi_application()
