"""`app.dependency_overrides`: which key counts, which value works, and what it does not reach."""

from collections.abc import AsyncIterator, Callable
from functools import lru_cache
from types import SimpleNamespace
from typing import Annotated, Any
from unittest.mock import AsyncMock, MagicMock, Mock, create_autospec, patch

import pytest
from fastapi import Depends, FastAPI, Request, Response
from starlette.middleware.base import RequestResponseEndpoint
from tests.facts.driver import call


def feed() -> str:
    return "real"


@lru_cache
def cached_feed() -> str:
    return "real"


def feed_of(_role: str) -> Callable[[], str]:
    def own_feed() -> str:
        return "real"

    return own_feed


Feed = Annotated[str, Depends(feed)]


def fake() -> str:
    return "fake"


def desk(dependency: Callable[..., Any] = feed) -> FastAPI:
    app = FastAPI()

    @app.get("/")
    async def endpoint(given: Annotated[Any, Depends(dependency)]) -> Any:
        return given

    return app


async def given(app: FastAPI, target: str = "/") -> Any:
    return (await call(app, target)).json


@pytest.mark.fact("V44", "override-switchboard", "mock-the-feed")
@pytest.mark.parametrize(
    ("dependency", "key", "seen"),
    [
        (feed, feed, "fake"),
        (feed, "feed", "real"),
        (feed, Feed, "real"),
        (cached_feed, cached_feed, "fake"),
        (cached_feed, cached_feed.__wrapped__, "real"),
        (feed_of("trader"), feed_of("trader"), "real"),
    ],
)
async def test_the_key_is_the_very_object(dependency: Callable[..., Any], key: Any, seen: str) -> None:
    """The key is the object in Depends: no name, no alias, nothing wrapped, no other product of a factory."""
    app = desk(dependency)
    app.dependency_overrides[key] = fake
    assert await given(app) == seen


@pytest.mark.fact("V44", "override-switchboard", "mock-the-feed")
async def test_patching_a_module_later_has_no_effect() -> None:
    """A name that is patched after the route was made is not looked up again."""
    module = SimpleNamespace(feed=feed)
    app = desk(module.feed)
    with patch.object(module, "feed", fake):
        assert await given(app) == "real"


@pytest.mark.fact("V45", "override-switchboard")
@pytest.mark.parametrize("value", ["fake", None])
async def test_the_value_is_a_callable(value: Any) -> None:
    """A plain value, or None, in place of a callable makes a 500."""
    app = desk()
    app.dependency_overrides[feed] = value
    assert (await call(app)).status == 500


@pytest.mark.fact("V46", "override-switchboard", "mock-the-feed")
@pytest.mark.parametrize("mock", [MagicMock(return_value="fake"), AsyncMock(return_value="fake")])
async def test_a_mock_asks_for_query_parameters(mock: Any) -> None:
    """A MagicMock or AsyncMock as value has the parameters `args` and `kwargs`, which the client is then asked for."""
    app = desk()
    app.dependency_overrides[feed] = mock
    answer = await call(app)
    assert answer.status == 422
    assert [fault["loc"] for fault in answer.json["detail"]] == [["query", "args"], ["query", "kwargs"]]


@pytest.mark.fact("V46", "override-switchboard", "mock-the-feed")
async def test_a_mock_with_the_signature_works() -> None:
    """`create_autospec(feed)` and `lambda: mock` work; `Mock(spec=feed)` makes a 500."""
    app = desk()
    mock = MagicMock(return_value="fake")
    for value in (create_autospec(feed, return_value="fake"), lambda: str(mock())):
        app.dependency_overrides[feed] = value
        assert await given(app) == "fake"
    app.dependency_overrides[feed] = Mock(spec=feed, return_value="fake")
    assert (await call(app)).status == 500


@pytest.mark.fact("V47", "override-switchboard")
async def test_the_signature_of_the_override_counts() -> None:
    """An override may ask for query parameters of its own; what the original depends on does not run."""
    runs: list[int] = []

    def original(_: Annotated[None, Depends(lambda: runs.append(1))]) -> None: ...

    def override(symbol: str) -> str:
        return symbol

    app = desk(original)
    app.dependency_overrides[original] = override
    assert (await given(app, "/?symbol=A"), runs) == ("A", [])
    assert (await call(app)).status == 422


@pytest.mark.fact("V48", "override-switchboard")
async def test_overrides_do_not_add_up() -> None:
    """An override is not overridden in its turn."""
    app = desk()
    app.dependency_overrides = {feed: fake, fake: lambda: "another"}
    assert await given(app) == "fake"


@pytest.mark.fact("V49", "override-switchboard")
async def test_a_mounted_application_has_its_own() -> None:
    """Overrides of an application do not reach the applications that are mounted in it."""
    app, mounted = FastAPI(), desk()
    app.mount("/mounted", mounted)
    app.dependency_overrides[feed] = fake
    assert await given(app, "/mounted/") == "real"
    mounted.dependency_overrides[feed] = fake
    assert await given(app, "/mounted/") == "fake"


@pytest.mark.fact("V50", "override-switchboard", "mock-the-feed")
async def test_a_direct_call_is_not_overridden() -> None:
    """What an endpoint or a middleware calls by itself is the original."""
    app = FastAPI()

    @app.middleware("http")
    async def layer(request: Request, call_next: RequestResponseEndpoint) -> Response:
        response = await call_next(request)
        response.headers["x-feed"] = feed()
        return response

    @app.get("/")
    async def endpoint() -> str:
        return feed()

    app.dependency_overrides[feed] = fake
    answer = await call(app)
    assert (answer.json, answer.header("x-feed")) == ("real", "real")


@pytest.mark.fact("V51", "override-switchboard", "unit-of-work")
async def test_an_override_keeps_the_scope() -> None:
    """An override with `yield` lives as long as the original would have."""
    log: list[str] = []

    async def resource() -> AsyncIterator[None]:
        yield

    async def override() -> AsyncIterator[None]:
        yield
        log.append("exit")

    app = FastAPI()

    @app.get("/")
    async def endpoint(_: Annotated[None, Depends(resource, scope="function")]) -> None: ...

    app.dependency_overrides[resource] = override
    await call(app, log=log)
    assert log == ["exit", "start", "body", "returned"]
