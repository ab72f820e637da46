"""An order ticket that is what it says. See README.md beside this file."""

from fastapi import FastAPI
from pydantic import BaseModel


class OrderTicket(BaseModel):
    """An order as a trader writes it."""

    # TODO: declare the eight fields, so that wrong tickets are refused and nothing is converted silently


def create_app() -> FastAPI:
    """Return the desk, which takes order tickets."""
    app = FastAPI()

    @app.post("/orders", status_code=201)
    async def place_order(ticket: OrderTicket) -> OrderTicket:
        return ticket

    # TODO: make sure that a refusal can always be sent, whatever the ticket has in it
    return app
