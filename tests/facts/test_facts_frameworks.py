"""Flask, Django, Starlette and FastAPI beside each other: what each does by itself, and how they live together."""

import asyncio
import sys
import threading
import types
from collections.abc import Iterator
from typing import Any
from wsgiref.util import setup_testing_defaults

import a2wsgi
import django
import django.http
import httpx
import pytest
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application
from django.urls import path
from fastapi import Depends, FastAPI
from flask import Flask, request
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from tests.django_settings import forget_django

under_asgi: Any = a2wsgi.WSGIMiddleware  # its types are narrower than what everybody's applications have
under_wsgi: Any = a2wsgi.ASGIMiddleware


def over_wsgi(app: Any, target: str = "/") -> httpx.Response:
    with httpx.Client(transport=httpx.WSGITransport(app=app), base_url="http://desk") as client:
        return client.get(target)


async def over_asgi(app: Any, target: str = "/", **options: Any) -> httpx.Response:
    transport = httpx.ASGITransport(app=app, **options)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
        return await client.get(target)


def quote(_request: django.http.HttpRequest, symbol: str) -> django.http.JsonResponse:
    return django.http.JsonResponse({"symbol": symbol})


@pytest.fixture(scope="module", autouse=True)
def django_without_a_project() -> Iterator[None]:
    """Set Django up, which can be done once in a process."""
    urls = types.ModuleType("urls_of_facts")
    vars(urls)["urlpatterns"] = [path("quotes/<str:symbol>", quote)]
    sys.modules[urls.__name__] = urls
    settings.configure(ROOT_URLCONF=urls.__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="facts")  # noqa: S106 - signs nothing
    django.setup()
    yield
    forget_django()
    del sys.modules[urls.__name__]


@pytest.mark.fact("N11", "three-frameworks")
def test_an_async_view_of_flask_has_a_loop_of_its_own() -> None:
    """Flask runs `async def` views, each request on an event loop of its own, while its worker waits."""
    app, loops = Flask("desk"), list[asyncio.AbstractEventLoop]()

    @app.get("/")
    async def view() -> str:  # pyright: ignore[reportUnusedFunction] - the decorator keeps it
        loops.append(asyncio.get_running_loop())
        return "quote"

    assert [over_wsgi(app).text for _ in range(2)] == ["quote", "quote"]
    assert loops[0] is not loops[1]


@pytest.mark.fact("N11", "three-frameworks")
async def test_django_has_a_door_for_either_kind_of_server() -> None:
    """One Django project is a WSGI application and an ASGI application."""
    assert over_wsgi(get_wsgi_application(), "/quotes/AAPL").json()["symbol"] == "AAPL"
    assert (await over_asgi(get_asgi_application(), "/quotes/MSFT")).json()["symbol"] == "MSFT"


@pytest.mark.fact("N11", "three-frameworks")
def test_flask_checks_nothing_by_itself() -> None:
    """Flask hands on whatever JSON says, makes a 500 of a missing key, and describes nothing."""
    app = Flask("desk")

    @app.post("/orders")
    def order() -> dict[str, Any]:  # pyright: ignore[reportUnusedFunction] - the decorator keeps it
        return {"qty": request.get_json()["qty"]}

    client = app.test_client()
    assert client.post("/orders", json={"qty": "banana"}).get_json() == {"qty": "banana"}
    assert client.post("/orders", json={}).status_code == 500
    assert client.get("/openapi.json").status_code == 404


@pytest.mark.fact("N12", "three-frameworks", "contract-first")
async def test_two_pages_are_drawn_from_one_document() -> None:
    """Swagger UI at `/docs` and ReDoc at `/redoc` are pages that read `/openapi.json`."""
    app = FastAPI()
    for target, program in (("/docs", "swagger-ui"), ("/redoc", "redoc")):
        page = (await over_asgi(app, target)).text
        assert program in page
        assert "/openapi.json" in page


@pytest.mark.fact("N10", "assemble-the-desk")
async def test_adapters_go_both_ways() -> None:
    """A WSGI application runs under an ASGI server, and the other way round, with an adapter."""
    flask, fast = Flask("desk"), FastAPI()
    flask.get("/")(lambda: "wsgi")
    fast.get("/")(lambda: "asgi")
    assert (await over_asgi(under_asgi(flask))).text == "wsgi"
    assert (await asyncio.to_thread(over_wsgi, under_wsgi(fast))).json() == "asgi"


@pytest.mark.fact("N10", "assemble-the-desk")
async def test_a_mounted_application_is_told_its_prefix_and_is_not_described() -> None:
    """A WSGI application mounted at `/v1` sees `/v1` as SCRIPT_NAME, and is not in the OpenAPI document."""
    blotter, app = Flask("desk"), FastAPI()
    blotter.get("/rows")(lambda: f"{request.script_root} {request.path}")
    app.mount("/v1", under_asgi(blotter))
    assert (await over_asgi(app, "/v1/rows")).text == "/v1 /rows"
    assert app.openapi()["paths"] == {}


@pytest.mark.fact("N10", "assemble-the-desk")
async def test_a_mounted_wsgi_application_may_block() -> None:
    """While a WSGI application mounted with a2wsgi waits, the event loop goes on."""
    gate, app = threading.Event(), FastAPI()

    def blotter(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        setup_testing_defaults(environ)
        gate.wait()
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"rows"]

    async def release() -> str:
        gate.set()
        return "released"

    app.mount("/v1", under_asgi(blotter))
    app.get("/release")(release)
    answers = await asyncio.gather(over_asgi(app, "/v1/"), over_asgi(app, "/release"))
    assert [answer.status_code for answer in answers] == [200, 200]


@pytest.mark.fact("N10", "assemble-the-desk")
async def test_starlette_knows_no_depends_and_makes_no_answers() -> None:
    """A Starlette endpoint is given a `Depends` as it stands, and a dict that it returns is no answer."""
    seen: list[object] = []

    async def asks(_request: Request, trader: object = Depends(lambda: "alice")) -> Response:
        seen.append(trader)
        return JSONResponse({})

    async def returns_a_dict(_request: Request) -> Any:
        return {"rows": 1}

    app = Starlette(routes=[Route("/asks", asks), Route("/dict", returns_a_dict)])
    assert (await over_asgi(app, "/asks")).status_code == 200
    assert type(seen[0]).__name__ == "Depends"
    assert (await over_asgi(app, "/dict", raise_app_exceptions=False)).status_code == 500


@pytest.mark.fact("N10", "assemble-the-desk", "two-callables")
def test_an_application_of_one_kind_cannot_be_called_as_the_other() -> None:
    """A WSGI server cannot call an ASGI application: that takes three arguments."""
    with pytest.raises(TypeError, match="missing 1 required positional argument"):
        FastAPI()({}, lambda *_: None)  # type: ignore[call-arg] - it is what a WSGI server does
