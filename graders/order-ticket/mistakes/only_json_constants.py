"""The parser refuses NaN and Infinity, and not a number that is too large."""

import json
from collections.abc import Callable, Coroutine
from decimal import Decimal
from json import JSONDecodeError
from typing import Annotated, Any, Literal, NoReturn, Self

from fastapi import FastAPI, Request, Response
from fastapi.routing import APIRoute
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


class CarefulRequest(Request):
    async def json(self) -> Any:
        text = (await self.body()).decode()

        def refuse(constant: str) -> NoReturn:
            raise JSONDecodeError(f"{constant} is not JSON", text, 0)

        return json.loads(text, parse_constant=refuse)


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
