"""Dependencies with `yield`: how long they live, and what they can still change."""

from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Annotated, Any

import pytest
from fastapi import BackgroundTasks, Depends, FastAPI, HTTPException
from fastapi.exceptions import DependencyScopeError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, field_validator
from tests.facts.driver import call

Scope = Any  # of a dependency: "request" or "function"


@pytest.mark.fact("V1", "unit-of-work", "background-duty")
async def test_the_exit_of_a_dependency_comes_last() -> None:
    """Code after `yield` runs after the answer was sent and after all background tasks."""
    log: list[str] = []

    async def resource() -> AsyncIterator[None]:
        log.append("enter")
        yield
        log.append("exit")

    app = FastAPI()

    @app.get("/")
    async def endpoint(background: BackgroundTasks, _: Annotated[None, Depends(resource)]) -> None:
        log.append("endpoint")
        background.add_task(log.append, "task")

    await call(app, log=log)
    assert log == ["enter", "endpoint", "start", "body", "task", "exit", "returned"]


@pytest.mark.fact("V2", "unit-of-work")
async def test_the_exit_of_scope_function_comes_before_the_answer() -> None:
    """With `scope="function"` it runs after the response model was validated, and before the answer starts."""
    log: list[str] = []

    class Model(BaseModel):
        number: int

        @field_validator("number")
        @classmethod
        def note(cls, number: int) -> int:
            log.append("validated")
            return number

    async def resource() -> AsyncIterator[None]:
        yield
        log.append("exit")

    app = FastAPI()

    @app.get("/", response_model=Model)
    async def endpoint(_: Annotated[None, Depends(resource, scope="function")]) -> dict[str, int]:
        return {"number": 1}

    await call(app, log=log)
    assert log == ["validated", "exit", "start", "body", "returned"]


@pytest.mark.fact("V2", "unit-of-work")
@pytest.mark.parametrize(("scope", "status", "is_raised"), [("function", 409, False), ("request", 200, True)])
async def test_only_scope_function_can_fail_a_request(scope: Scope, status: int, is_raised: bool) -> None:
    """An exception after `yield` becomes the answer with `scope="function"`; by default the client has its 200."""

    async def resource() -> AsyncIterator[None]:
        yield
        raise HTTPException(409)

    app = FastAPI()

    @app.get("/")
    async def endpoint(_: Annotated[None, Depends(resource, scope=scope)]) -> None: ...

    answer = await call(app)
    assert (answer.status, answer.error is not None) == (status, is_raised)


@pytest.mark.fact("V9", "unit-of-work")
def test_what_lives_longer_cannot_depend_on_what_lives_shorter() -> None:
    """A dependency of scope "request" that depends on one of scope "function" is refused when the route is made."""

    async def short() -> AsyncIterator[None]:
        yield

    async def long(_: Annotated[None, Depends(short, scope="function")]) -> AsyncIterator[None]:
        yield

    app = FastAPI()

    async def endpoint(_: Annotated[None, Depends(long)]) -> None: ...

    with pytest.raises(DependencyScopeError):
        app.get("/")(endpoint)


@pytest.mark.fact("V39", "unit-of-work")
async def test_a_returned_error_is_a_success_for_a_dependency() -> None:
    """A raised HTTPException arrives at the `yield` of a dependency; a returned 400 does not."""
    seen: list[str] = []

    async def transaction() -> AsyncIterator[None]:
        try:
            yield
        except HTTPException:
            seen.append("roll back")
            raise
        seen.append("commit")

    app = FastAPI()

    @app.get("/{way}")
    async def endpoint(way: str, _: Annotated[None, Depends(transaction)]) -> JSONResponse:
        if way == "raise":
            raise HTTPException(400)
        return JSONResponse(None, 400)

    assert [(await call(app, path)).status for path in ("/raise", "/return")] == [400, 400]
    assert seen == ["roll back", "commit"]


@pytest.mark.fact("V40", "unit-of-work")
async def test_a_dependency_cannot_swallow_an_exception() -> None:
    """A dependency that catches the exception of the endpoint and goes on makes a 500."""

    async def swallow() -> AsyncIterator[None]:
        with suppress(ValueError):
            yield

    app = FastAPI()

    @app.get("/")
    async def endpoint(_: Annotated[None, Depends(swallow)]) -> None:
        raise ValueError

    answer = await call(app)
    assert (answer.status, type(answer.error).__name__) == (500, "FastAPIError")
