"""A strict model reads the JSON text by itself, which is the mode in which it takes prices and times."""

from decimal import Decimal
from typing import Annotated, Literal, Self

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator


def no_number(value: object) -> object:
    if type(value) in {int, float}:
        raise ValueError("a price is a text")
    return value


Price = Annotated[Decimal, Field(strict=False, gt=0, decimal_places=2), BeforeValidator(no_number)]


class OrderTicket(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    symbol: str = Field(pattern=r"\A[A-Z]{1,6}\z")
    side: Literal["buy", "sell"]
    qty: int = Field(ge=1, le=1_000_000)
    kind: Literal["market", "limit"]
    limit_price: Price | None = None
    note: str | None = None
    post_only: bool = False
    expires_at: AwareDatetime | None = None

    @model_validator(mode="after")
    def fits_its_kind(self) -> Self:
        if self.kind == "limit" and self.limit_price is None:
            raise ValueError("a limit order needs a price")
        if self.kind == "market" and self.limit_price is not None:
            raise ValueError("a market order has no price")
        return self


def create_app() -> FastAPI:
    app = FastAPI()

    @app.post("/orders")
    async def place_order(request: Request) -> Response:
        if not request.headers.get("content-type", "").startswith("application/json"):
            return Response(status_code=422)
        try:
            ticket = OrderTicket.model_validate_json(await request.body())
        except ValidationError as error:
            problems = [{"loc": ["body", *each["loc"]], "msg": each["msg"]} for each in error.errors()]
            return JSONResponse({"detail": problems}, 422)
        return Response(ticket.model_dump_json(), 201, media_type="application/json")

    return app
