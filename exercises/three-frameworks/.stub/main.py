"""One contract, in three frameworks. See README.md beside this file."""

from typing import Any, Protocol

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import URLPattern
from fastapi import FastAPI
from flask import Flask


class Store(Protocol):
    """Keeps the orders of the desk. Both methods return at once."""

    def add(self, order: dict[str, Any]) -> str:
        """Keep an order, `{"symbol": ..., "qty": ..., "side": ...}`, and return its id."""
        ...

    def get(self, order_id: str) -> dict[str, Any] | None:
        """Return the order with this id as it was added, or None."""
        ...


urlpatterns: list[URLPattern] = []
"""Where Django looks for its routes, because ROOT_URLCONF names this module."""

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
"""What a new Django project has in its settings, as far as this desk needs it."""


def make_fastapi(store: Store) -> FastAPI:
    """Return the desk as an ASGI application."""
    app = FastAPI()
    # TODO: POST /orders, GET /orders/{order_id}, and whatever FastAPI's own /openapi.json does not know by itself
    return app


def make_flask(store: Store) -> Flask:
    """Return the desk as a WSGI application."""
    app = Flask(__name__)
    # TODO: the same with Flask, and a route for /openapi.json
    return app


def make_django(store: Store) -> Any:
    """Return the desk as a WSGI application, or as an ASGI application."""
    if not settings.configured:  # a process has one set of settings, and it can be configured once
        settings.configure(**DJANGO_SETTINGS)
    # TODO: the same with Django: write views, and put a path("...", view) for each into `urlpatterns`
    return get_wsgi_application()
