"""The desk, on the day on which its API is opened."""

from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel

TOKENS = {"t-alice": "alice", "t-bob": "bob"}
HALTED = "XYZ"


class Order(BaseModel):
    id: str
    symbol: str
    quantity: int


def create_app(desk: Any) -> FastAPI:
    app = FastAPI()

    # TODO: the two routes, and everything around them.

    return app
