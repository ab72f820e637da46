"""Refusals are left to FastAPI, which repeats the input."""

from decimal import Decimal
from typing import Annotated, Literal, Self

from fastapi import FastAPI
from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, model_validator


def refuse_number(value: object) -> object:
    if isinstance(value, int | float):
        raise ValueError("a number is neither a price nor a time")
    return value


class OrderTicket(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    symbol: Annotated[str, Field(pattern="^[A-Z]{1,6}$")]
    side: Literal["buy", "sell"]
    qty: Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
    kind: Literal["market", "limit"]
    limit_price: Annotated[Decimal, BeforeValidator(refuse_number), Field(gt=0, decimal_places=2)] | None = None
    note: str | None = None
    post_only: StrictBool = False
    expires_at: Annotated[AwareDatetime, BeforeValidator(refuse_number)] | None = None

    @model_validator(mode="after")
    def has_a_price_if_it_is_a_limit_order(self) -> Self:
        if (self.kind == "limit") != (self.limit_price is not None):
            raise ValueError("a limit order needs a price, and a market order has none")
        return self


def create_app() -> FastAPI:
    app = FastAPI()

    @app.post("/orders", status_code=201)
    async def place_order(ticket: OrderTicket) -> OrderTicket:
        return ticket

    return app
