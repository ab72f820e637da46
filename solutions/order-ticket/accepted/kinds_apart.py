"""One model for each kind of order, told apart by a discriminator; OrderTicket is a function."""

from decimal import Decimal
from typing import Annotated, Any, Literal, TypeAlias

from fastapi import FastAPI, Request, Response
from fastapi.exception_handlers import request_validation_exception_handler
from fastapi.exceptions import RequestValidationError
from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    TypeAdapter,
)


def only_text(value: object) -> object:
    if type(value) in {int, float}:
        raise ValueError("send this as a text, in quotes")
    return value


class Order(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    symbol: str = Field(min_length=1, max_length=6, pattern="^[A-Z]*$")
    side: Literal["buy", "sell"]
    qty: StrictInt = Field(gt=0, le=1_000_000)
    note: str | None = None
    post_only: StrictBool = False
    expires_at: Annotated[AwareDatetime, BeforeValidator(only_text)] | None = None


class MarketOrder(Order):
    kind: Literal["market"]
    limit_price: None = None


class LimitOrder(Order):
    kind: Literal["limit"]
    limit_price: Annotated[Decimal, BeforeValidator(only_text)] = Field(gt=0, decimal_places=2)


AnyOrder: TypeAlias = Annotated[MarketOrder | LimitOrder, Field(discriminator="kind")]
ORDERS = TypeAdapter[MarketOrder | LimitOrder](AnyOrder)


def OrderTicket(**fields: object) -> MarketOrder | LimitOrder:  # noqa: N802 - the task names it
    return ORDERS.validate_python(fields)


def without_input(problem: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in problem.items() if name != "input"}


def create_app() -> FastAPI:
    app = FastAPI()

    @app.exception_handler(RequestValidationError)
    async def refuse(request: Request, error: RequestValidationError) -> Response:
        sayable = [without_input(problem) for problem in error.errors()]
        return await request_validation_exception_handler(request, RequestValidationError(sayable))

    @app.post("/orders", status_code=201)
    async def place_order(ticket: AnyOrder) -> MarketOrder | LimitOrder:
        return ticket

    return app
