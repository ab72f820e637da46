"""Dependencies: when they run, how often, and where."""

import asyncio
import threading
from collections.abc import AsyncIterator
from typing import Annotated, Any

import pytest
from fastapi import Depends, FastAPI, Request, Response
from starlette.routing import Route
from tests.facts.driver import Layer, call, take_turns

Scope = Any  # of a dependency: "request" or "function"


@pytest.mark.fact("V9", "desk-dependencies", "unit-of-work")
async def test_a_dependency_can_limit_concurrency() -> None:
    """`Depends(..., max_concurrency=n)` lets n requests in at a time."""
    inside: list[int] = []

    async def slot() -> AsyncIterator[None]:
        yield

    app = FastAPI()

    @app.get("/")
    async def endpoint(_: Annotated[None, Depends(slot, max_concurrency=2)]) -> None:
        inside.append(1)
        await take_turns()
        assert len(inside) <= 2
        inside.pop()

    async def client() -> None:
        assert (await call(app)).error is None

    await asyncio.gather(*(client() for _ in range(5)))


@pytest.mark.fact("V37", "assemble-the-desk", "middleware-onion", "gate-or-guard")
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("POST", "/known", 405),
        ("GET", "/docs", 200),
        ("GET", "/openapi.json", 200),
        ("GET", "/mounted/known", 200),
        ("GET", "/plain", 200),
    ],
)
async def test_where_no_dependency_runs_a_middleware_does(method: str, path: str, status: int) -> None:
    """Dependencies of an application do not run for 404, 405, the docs, mounted applications, Starlette's routes."""
    log: list[str] = []
    app = FastAPI(dependencies=[Depends(lambda: log.append("dependency"))])
    app.add_middleware(Layer, "layer", log)
    mounted = FastAPI()

    @app.get("/known")
    @mounted.get("/known")
    async def endpoint() -> None: ...

    async def plain(_: Request) -> Response:
        return Response()

    app.mount("/mounted", mounted)
    app.router.routes.append(Route("/plain", plain))
    assert (await call(app, path, method)).status == status
    assert log == ["layer>", "<layer"]
    await call(app, "/known", log=log)
    assert "dependency" in log


@pytest.mark.fact("V38", "desk-dependencies", "gate-or-guard")
async def test_dependencies_run_before_parameters_are_judged() -> None:
    """They run even where another parameter is not valid, but not where the body is no JSON."""
    runs: list[int] = []
    app = FastAPI()

    @app.post("/")
    async def endpoint(
        number: int, body: dict[str, int], _: Annotated[None, Depends(lambda: runs.append(1))]
    ) -> None: ...

    assert ((await call(app, "/?number=x", "POST", json={})).status, runs) == (422, [1])
    json = {"Content-Type": "application/json"}
    assert ((await call(app, "/?number=1", "POST", body=b"{", headers=json)).status, runs) == (422, [1])


@pytest.mark.fact("V41", "desk-dependencies")
async def test_a_dependency_runs_once_per_request_and_scope() -> None:
    """What a dependency gives is kept for one request, apart for each scope, and not with `use_cache=False`."""
    runs: list[int] = []

    async def number() -> AsyncIterator[int]:
        runs.append(1)
        yield len(runs)

    app = FastAPI()

    @app.get("/")
    async def endpoint(
        first: Annotated[int, Depends(number)],
        again: Annotated[int, Depends(number)],
        anew: Annotated[int, Depends(number, use_cache=False)],
        short: Annotated[int, Depends(number, scope="function")],
    ) -> list[int]:
        return [first, again, anew, short]

    for base in (0, 3):
        first, again, anew, short = (await call(app)).json
        assert (again, {first, anew, short}) == (first, {base + 1, base + 2, base + 3})


@pytest.mark.fact("V42", "desk-dependencies")
async def test_a_forgotten_depends_injects_the_function() -> None:
    """A function as the default of a parameter, without Depends, is handed to the endpoint itself."""
    app = FastAPI()

    def trader() -> str:
        return "alice"

    @app.get("/")
    async def endpoint(given: Any = trader) -> bool:
        return given is trader

    assert (await call(app)).json is True


@pytest.mark.fact("V43", "keep-the-loop-turning", "desk-dependencies")
async def test_classes_and_plain_functions_run_in_threads() -> None:
    """Dependencies that are classes, functions or generators run in a thread, async ones on the event loop."""
    places: dict[str, int] = {}

    def function() -> None:
        places["function"] = threading.get_ident()

    class Class:
        def __init__(self) -> None:
            places["class"] = threading.get_ident()

    async def coroutine() -> None:
        places["coroutine"] = threading.get_ident()

    app = FastAPI()

    @app.get("/")
    async def endpoint(
        _1: Annotated[None, Depends(function)], _2: Annotated[Class, Depends()], _3: Annotated[None, Depends(coroutine)]
    ) -> None: ...

    await call(app)
    here = threading.get_ident()
    assert {name: place == here for name, place in places.items()} == {
        "function": False,
        "class": False,
        "coroutine": True,
    }


@pytest.mark.fact("N1", "desk-dependencies")
def test_an_application_has_no_decorator_for_dependencies() -> None:
    """There is no `app.dependency()`; applications, routers and routes take `dependencies=[...]`."""
    assert not hasattr(FastAPI(), "dependency")
