"""Contracts: what Pydantic takes and gives, what FastAPI makes of it, and what the OpenAPI document says."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from fastapi import FastAPI, HTTPException
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, StrictInt, ValidationError, field_validator
from tests.facts.driver import call

JSON = {"Content-Type": "application/json"}


class Public(BaseModel):
    name: str = "alice"


class User(Public):
    password: str = "secret"  # noqa: S105 - a word that has to be missing from answers


@pytest.mark.fact("V6", "order-ticket", "contract-first")
@pytest.mark.parametrize(
    ("content_type", "is_strict", "status"),
    [
        ("application/json", True, 200),
        (None, True, 422),
        ("text/plain", True, 422),
        (None, False, 200),
        ("text/plain", False, 422),
    ],
)
async def test_json_has_to_be_called_json(content_type: str | None, is_strict: bool, status: int) -> None:
    """A JSON body needs its content type; `strict_content_type=False` accepts a missing one, but no other."""
    app = FastAPI(strict_content_type=is_strict)

    @app.post("/")
    async def endpoint(user: Public) -> str:
        return user.name

    headers = {} if content_type is None else {"Content-Type": content_type}
    assert (await call(app, "/", "POST", headers=headers, body=b"{}")).status == status


@pytest.mark.fact("V7", "contract-first")
def test_the_document_knows_later_routes() -> None:
    """`app.openapi()` has routes that were added after it was first asked for."""
    app = FastAPI()
    app.openapi()

    @app.get("/late")
    async def endpoint() -> None: ...

    assert "/late" in app.openapi()["paths"]


@pytest.mark.fact("V70", "order-ticket")
async def test_a_strict_model_refuses_dates_and_decimals_as_json() -> None:
    """A strict body model refuses every datetime and Decimal, because FastAPI validates parsed JSON."""

    class Order(BaseModel):
        model_config = ConfigDict(strict=True)
        at: datetime
        price: Decimal

    text = '{"at": "2026-01-01T00:00:00Z", "price": "1.50"}'
    assert Order.model_validate_json(text).price == Decimal("1.50")
    app = FastAPI()

    @app.post("/")
    async def endpoint(order: Order) -> None: ...

    answer = await call(app, "/", "POST", headers=JSON, body=text.encode())
    assert (answer.status, [fault["loc"][1] for fault in answer.json["detail"]]) == (422, ["at", "price"])


@pytest.mark.fact("V70", "order-ticket")
async def test_a_strict_number_cannot_be_a_query_parameter() -> None:
    """A StrictInt as query parameter is always refused: what comes is text."""
    app = FastAPI()

    @app.get("/")
    async def endpoint(number: StrictInt) -> None: ...

    assert (await call(app, "/?number=1")).status == 422


@pytest.mark.fact("V71", "trade-report")
async def test_exclude_does_not_reach_into_lists() -> None:
    """`response_model_exclude={"password"}` works on a model, and leaks it from a list of models."""
    app = FastAPI()

    @app.get("/one", response_model_exclude={"password"})
    async def one() -> User:
        return User()

    @app.get("/list", response_model_exclude={"password"})
    async def several() -> list[User]:
        return [User()]

    assert (await call(app, "/one")).json == {"name": "alice"}
    assert (await call(app, "/list")).json == [{"name": "alice", "password": "secret"}]


class Nested(BaseModel):
    user: Public


class Loose(BaseModel):
    user: Any


@pytest.mark.fact("V72", "trade-report")
@pytest.mark.parametrize(
    ("model", "value", "leaks"),
    [
        (Public, User(), False),
        (list[Public], [User()], False),
        (Nested, Nested(user=User()), False),
        (Public | User, User(), True),
        (Loose, Loose(user=User()), True),
    ],
)
async def test_what_a_response_model_filters(model: Any, value: Any, leaks: bool) -> None:
    """A response model filters itself, lists of it and where it is nested; a union or an Any field leaks a subclass."""
    app = FastAPI()

    @app.get("/", response_model=model)
    async def endpoint() -> Any:
        return value

    assert (b"secret" in (await call(app)).content) is leaks


@pytest.mark.fact("V73", "trade-report")
async def test_a_returned_response_is_not_filtered() -> None:
    """A JSONResponse that an endpoint returns does not pass through the response model."""
    app = FastAPI()

    @app.get("/", response_model=Public)
    async def endpoint() -> Any:
        return JSONResponse({"password": "secret"})

    assert (await call(app)).json == {"password": "secret"}


@pytest.mark.fact("V74", "order-ticket", "trade-report")
@pytest.mark.parametrize(("in_model", "content"), [(True, b'{"price":"1.10"}'), (False, b'{"price":1.1}')])
async def test_a_decimal_is_exact_only_in_a_model(in_model: bool, content: bytes) -> None:
    """A Decimal becomes text in a model, and a float in a dict."""

    class Quote(BaseModel):
        price: Decimal

    app = FastAPI()

    @app.get("/", response_model=Quote if in_model else None)
    async def endpoint() -> Any:
        return {"price": Decimal("1.10")}

    assert (await call(app)).content == content


@pytest.mark.fact("V75", "trade-report")
@pytest.mark.parametrize("in_model", [True, False])
async def test_what_is_no_number_is_null_only_in_a_model(in_model: bool) -> None:
    """NaN becomes null in a model, and a 500 in a dict."""

    class Quote(BaseModel):
        price: float

    app = FastAPI()

    @app.get("/", response_model=Quote if in_model else None)
    async def endpoint() -> Any:
        return {"price": float("nan")}

    answer = await call(app)
    assert (answer.status, answer.content if in_model else b"") == (
        (200, b'{"price":null}') if in_model else (500, b"")
    )


@pytest.mark.fact("V76", "order-ticket")
def test_optional_is_required() -> None:
    """A field that may be None and has no default has to be given."""

    class Order(BaseModel):
        note: str | None

    with pytest.raises(ValidationError):
        Order.model_validate({})


@pytest.mark.fact("V77", "order-ticket")
def test_defaults_and_assignments_are_not_validated() -> None:
    """Neither a default nor what is assigned later is validated."""

    class Order(BaseModel):
        quantity: int = "many"  # type: ignore[assignment] # that this works is the fact

    order = Order()
    assert order.quantity == "many"
    order.__setattr__("quantity", "more")
    assert order.quantity == "more"


@pytest.mark.fact("V78", "order-ticket")
@pytest.mark.parametrize(("error", "status"), [(HTTPException(409), 409), (ValueError("no"), 422)])
async def test_a_validator_may_raise_a_status(error: Exception, status: int) -> None:
    """An HTTPException in a validator becomes that status, a ValueError becomes 422."""

    class Order(BaseModel):
        quantity: int

        @field_validator("quantity")
        @classmethod
        def refuse(cls, _: int) -> int:
            raise error

    app = FastAPI()

    @app.post("/")
    async def endpoint(order: Order) -> None: ...

    assert (await call(app, "/", "POST", json={"quantity": 1})).status == status


@pytest.mark.fact("V79", "contract-first")
async def test_the_document_says_what_is_declared_and_enforces_nothing() -> None:
    """OpenAPI 3.1.0 lists 200 and 422 and no 404 that is raised; `openapi_extra` documents without enforcing."""
    app = FastAPI()
    parameter = {"name": "day", "in": "query", "required": True, "schema": {"type": "string"}}

    @app.get("/orders/{number}", openapi_extra={"parameters": [parameter]})
    async def endpoint(number: int) -> None:
        raise HTTPException(404, f"no order {number}")

    document = app.openapi()
    assert document["openapi"] == "3.1.0"
    assert list(document["paths"]["/orders/{number}"]["get"]["responses"]) == ["200", "422"]
    assert (await call(app, "/orders/7")).status == 404
