"""Validators of single fields, which also look at every assignment; a limit price looks at the kind before it."""

from datetime import datetime
from decimal import Decimal
from enum import Enum

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, StrictInt, ValidationInfo, field_validator


class Side(Enum):
    BUY = "buy"
    SELL = "sell"


class Kind(Enum):
    MARKET = "market"
    LIMIT = "limit"


class OrderTicket(BaseModel):
    model_config = ConfigDict(extra="forbid", validate_assignment=True)

    symbol: str = Field(pattern="^[A-Z]{1,6}$")
    side: Side
    qty: StrictInt = Field(ge=1, le=1_000_000)
    kind: Kind
    limit_price: Decimal | None = Field(default=None, gt=0, decimal_places=2, validate_default=True)
    note: str | None = None
    post_only: bool = Field(default=False, strict=True)
    expires_at: datetime | None = None

    @field_validator("limit_price", "expires_at", mode="before")
    @classmethod
    def is_no_number(cls, value: object) -> object:
        assert not isinstance(value, int | float)  # noqa: S101 - Pydantic turns it into an error
        return value

    @field_validator("limit_price")
    @classmethod
    def fits_the_kind(cls, price: Decimal | None, info: ValidationInfo) -> Decimal | None:
        kind = info.data.get("kind")  # None if the kind is wrong itself
        if kind is Kind.LIMIT and price is None:
            raise ValueError("a limit order needs a price")
        if kind is Kind.MARKET and price is not None:
            raise ValueError("a market order has no price")
        return price

    @field_validator("expires_at")
    @classmethod
    def has_an_offset(cls, time: datetime | None) -> datetime | None:
        if time is not None and time.tzinfo is None:
            raise ValueError("a time needs an offset")
        return time


def create_app() -> FastAPI:
    app = FastAPI()

    @app.exception_handler(RequestValidationError)
    async def refuse(_request: Request, error: RequestValidationError) -> JSONResponse:
        problems = [{"loc": each["loc"], "msg": each["msg"]} for each in error.errors()]
        return JSONResponse({"detail": problems}, status_code=422)

    @app.post("/orders", status_code=201)
    async def place_order(ticket: OrderTicket) -> OrderTicket:
        return ticket

    return app
