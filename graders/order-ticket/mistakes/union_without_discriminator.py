"""Two models in a union without a discriminator, so that errors of both are reported."""

from decimal import Decimal
from typing import Annotated, Literal

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, TypeAdapter


def refuse_number(value: object) -> object:
    if isinstance(value, int | float):
        raise ValueError("a number is neither a price nor a time")
    return value


class Order(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    symbol: Annotated[str, Field(pattern="^[A-Z]{1,6}$")]
    side: Literal["buy", "sell"]
    qty: Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
    note: str | None = None
    post_only: StrictBool = False
    expires_at: Annotated[AwareDatetime, BeforeValidator(refuse_number)] | None = None


class MarketOrder(Order):
    kind: Literal["market"]
    limit_price: None = None


class LimitOrder(Order):
    kind: Literal["limit"]
    limit_price: Annotated[Decimal, BeforeValidator(refuse_number), Field(gt=0, decimal_places=2)]


def OrderTicket(**fields: object) -> MarketOrder | LimitOrder:
    return TypeAdapter[MarketOrder | LimitOrder](MarketOrder | LimitOrder).validate_python(fields)


async def refuse(_request: Request, error: RequestValidationError) -> JSONResponse:
    problems = [{"loc": each["loc"], "msg": each["msg"]} for each in error.errors()]
    return JSONResponse({"detail": problems}, 422)


def create_app() -> FastAPI:
    app = FastAPI(exception_handlers={RequestValidationError: refuse})

    @app.post("/orders", status_code=201)
    async def place_order(ticket: MarketOrder | LimitOrder) -> MarketOrder | LimitOrder:
        return ticket

    return app
