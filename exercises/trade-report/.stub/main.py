"""The trades of the desk, as the public may see them. See README.md beside this file."""

from desk import Repository
from fastapi import FastAPI


def create_app(repo: Repository) -> FastAPI:
    """Return the report. `repo.get(trade_id)` and `repo.all()` return internal records."""
    app = FastAPI()

    # TODO: four routes, which show the public fields of the records in `repo` and nothing else:
    #   1. GET /trades/{trade_id}: one trade
    #   2. GET /trades: all of them, as a list
    #   3. GET /trades/{trade_id}/raw: one trade, with an ETag
    #   4. GET /trades/feed: all of them, as JSON Lines
    return app
