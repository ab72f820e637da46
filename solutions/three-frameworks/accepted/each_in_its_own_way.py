"""Each in its own way: a model in FastAPI, error handlers in Flask, a form and class-based views in Django."""

import json
from enum import Enum
from typing import Any, Protocol, cast

from django import forms
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, path
from django.views import View
from fastapi import FastAPI, HTTPException
from flask import Flask, abort, request
from pydantic import BaseModel, Field, StrictInt, StrictStr, ValidationError
from werkzeug.exceptions import NotFound


class Store(Protocol):
    def add(self, order: dict[str, Any]) -> str: ...

    def get(self, order_id: str) -> dict[str, Any] | None: ...


urlpatterns: list[URLPattern] = []


class Side(Enum):
    BUY = "buy"
    SELL = "sell"


class Order(BaseModel):
    symbol: StrictStr = Field(min_length=1, max_length=6)
    qty: StrictInt = Field(ge=1, le=1_000_000)
    side: Side


class PlacedOrder(Order):
    id: str


# FastAPI


def make_fastapi(store: Store) -> FastAPI:
    app = FastAPI()

    @app.post("/orders", status_code=201)
    async def place(order: Order) -> PlacedOrder:
        fields = order.model_dump(mode="json")
        return PlacedOrder(id=store.add(fields), **fields)

    @app.get("/orders/{order_id}", responses={404: {}})
    async def find(order_id: str) -> PlacedOrder:
        fields = store.get(order_id)
        if fields is None:
            raise HTTPException(404)
        return PlacedOrder(id=order_id, **fields)

    return app


# Flask


def make_flask(store: Store) -> Flask:
    app = Flask(__name__)

    @app.route("/orders", methods=["POST"])
    def place() -> tuple[dict[str, Any], int]:
        fields = Order.model_validate(request.get_json(silent=True)).model_dump(mode="json")
        return {"id": store.add(fields), **fields}, 201

    @app.route("/orders/<order_id>")
    def find(order_id: str) -> dict[str, Any]:
        fields = store.get(order_id)
        if fields is None:
            abort(404)
        return {"id": order_id, **fields}

    @app.route("/openapi.json")
    def describe() -> dict[str, Any]:
        return make_fastapi(store).openapi()

    @app.errorhandler(ValidationError)
    def refuse(error: ValidationError) -> tuple[dict[str, Any], int]:
        return {"detail": [{"loc": ["body", *each["loc"]], "msg": each["msg"]} for each in error.errors()]}, 422

    @app.errorhandler(NotFound)
    def miss(error: NotFound) -> tuple[dict[str, Any], int]:
        return {"detail": error.description}, 404

    return app


# Django


class JsonInteger(forms.IntegerField):
    def to_python(self, value: Any) -> int:
        if type(value) is not int:
            raise forms.ValidationError(self.error_messages["invalid"])
        return value


class JsonText(forms.CharField):
    def to_python(self, value: Any) -> str:
        if not isinstance(value, str):
            raise forms.ValidationError(self.error_messages["required"])
        return value


class OrderForm(forms.Form):
    symbol = JsonText(max_length=6)
    qty = JsonInteger(min_value=1, max_value=1_000_000)
    side = forms.ChoiceField(choices=[(side.value, side.name) for side in Side])


def read_form(request: HttpRequest) -> OrderForm | None:
    if request.content_type != "application/json":
        return None
    try:
        order: Any = json.loads(request.body)
    except ValueError:
        return None
    return OrderForm(cast("dict[str, Any]", order)) if isinstance(order, dict) else None


class PlaceView(View):
    store: Any = None

    def post(self, request: HttpRequest) -> JsonResponse:
        form = read_form(request)
        if form is None:
            return JsonResponse({"detail": [{"loc": ["body"], "msg": "Send a JSON object."}]}, status=422)
        messages = form.errors.get_json_data().items()
        if problems := [{"loc": ["body", name], "msg": str(message)} for name, message in messages]:
            return JsonResponse({"detail": problems}, status=422)
        return JsonResponse({"id": self.store.add(form.cleaned_data), **form.cleaned_data}, status=201)


class FindView(View):
    store: Any = None

    def get(self, _request: HttpRequest, order_id: str) -> JsonResponse:
        fields = self.store.get(order_id)
        if fields is None:
            return JsonResponse({"detail": f"There is no order {order_id}."}, status=404)
        return JsonResponse({"id": order_id, **fields})


class DescribeView(View):
    document: Any = None

    def get(self, _request: HttpRequest) -> JsonResponse:
        return JsonResponse(self.document)


def make_django(store: Store) -> WSGIHandler:
    settings.configure(ROOT_URLCONF=__name__)
    urlpatterns[:] = [
        path("orders", PlaceView.as_view(store=store)),
        path("orders/<str:order_id>", FindView.as_view(store=store)),
        path("openapi.json", DescribeView.as_view(document=make_fastapi(store).openapi())),
    ]
    return get_wsgi_application()
