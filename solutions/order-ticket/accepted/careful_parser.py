"""A dataclass of Pydantic, and a route whose requests have a JSON parser that knows no NaN."""

import json
import math
from collections.abc import Callable, Coroutine
from dataclasses import KW_ONLY
from decimal import Decimal
from typing import Annotated, Any, Literal, NoReturn, Self

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.routing import APIRoute
from pydantic import AwareDatetime, BeforeValidator, ConfigDict, Field, Strict, model_validator
from pydantic.dataclasses import dataclass


def no_number(value: object) -> object:
    if type(value) in {int, float}:
        raise ValueError("this is a number, and no text")
    return value


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class OrderTicket:
    _: KW_ONLY
    symbol: Annotated[str, Field(pattern="^[A-Z]{1,6}$")]
    side: Literal["buy", "sell"]
    qty: Annotated[int, Strict(), Field(ge=1, le=1_000_000)]
    kind: Literal["market", "limit"]
    limit_price: Annotated[Decimal, BeforeValidator(no_number), Field(gt=0, decimal_places=2)] | None = None
    note: str | None = None
    post_only: Annotated[bool, Strict()] = False
    expires_at: Annotated[AwareDatetime, BeforeValidator(no_number)] | None = None

    @model_validator(mode="after")
    def has_a_price_if_it_is_a_limit_order(self) -> Self:
        if (self.kind == "limit") != (self.limit_price is not None):
            raise ValueError("a limit order needs a price, and a market order has none")
        return self


class CarefulRequest(Request):
    async def json(self) -> Any:
        def refuse(number: str) -> NoReturn:
            raise HTTPException(422, f"{number} is not JSON")

        def finite(digits: str) -> float:
            number = float(digits)
            return number if math.isfinite(number) else refuse(digits)

        return json.loads(await self.body(), parse_constant=refuse, parse_float=finite)


class CarefulRoute(APIRoute):
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_carefully(request: Request) -> Response:
            return await handle(CarefulRequest(request.scope, request.receive))

        return handle_carefully


def create_app() -> FastAPI:
    app = FastAPI()
    app.router.route_class = CarefulRoute

    @app.post("/orders", status_code=201)
    async def place_order(ticket: OrderTicket) -> OrderTicket:
        return ticket

    return app
