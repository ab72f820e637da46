"""A pool of threads for an engine that blocks. See README.md beside this file."""

from typing import Protocol

from fastapi import FastAPI


class Engine(Protocol):
    """The pricing engine. It may be called in several threads at the same time."""

    def risk(self, position: str, /) -> str:
        """Calculate the risk of a position. It is an ordinary function, blocks its thread for long, and may raise."""
        ...


def create_app(engine: Engine, workers: int = 2) -> FastAPI:
    """Return the desk. At most `workers` calls of `engine.risk` are under way at the same time."""
    app = FastAPI()

    @app.get("/ping")
    def ping() -> dict[str, str]:
        return {"ping": "pong"}

    @app.get("/risk/{position}")
    async def risk(position: str) -> dict[str, str | None]:
        # TODO: the risk is what engine.risk returns, called in a pool of `workers` threads that the application opens
        # when it starts and closes when it shuts down; 502 where engine.risk raises
        return {"position": position, "risk": None}

    return app
