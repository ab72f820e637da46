"""The port of ledger.py2 to Python 3, and the desk that serves it. See README.md beside this file."""

from fastapi import FastAPI


class Fill:
    """Something that was bought or sold, by whom, and for which fee."""

    # TODO: trader, quantity and fee


def parse_fill(raw):
    """Return the fill that one line from the socket stands for."""
    # TODO: in which of these expressions are bytes, and in which is text?
    raise NotImplementedError


def read_fills(lines):
    """Return the fills of several lines."""
    # TODO: what `map` and `filter` return can be read once
    raise NotImplementedError


def commission_cents(fills):
    """Return the commission for several fills, in cents."""
    # TODO: `/` and `round` are not what they were
    raise NotImplementedError


def rank(traders):
    """Return the names of the traders by their positions, those without one first."""
    # TODO: None is neither more nor less than a number now
    raise NotImplementedError


def create_app(lines):
    """Return the desk, which answers with the commissions for the fills in `lines`."""
    app = FastAPI()

    @app.get("/commission/{trader}")
    async def commission(trader: str):
        # TODO: read the fills, add up those of the trader, and refuse one who has none
        return {"trader": trader, "commission_cents": None}

    return app
