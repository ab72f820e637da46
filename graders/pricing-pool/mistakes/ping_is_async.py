"""The endpoint that starved is made async, and the engine keeps the threads of the framework."""

from typing import Protocol

from fastapi import FastAPI, HTTPException


class Engine(Protocol):
    def risk(self, position: str, /) -> str: ...


def create_app(engine: Engine, workers: int = 2) -> FastAPI:
    app = FastAPI()

    @app.get("/ping")
    async def ping() -> dict[str, str]:
        return {"ping": "pong"}

    @app.get("/risk/{position}")
    def risk(position: str) -> dict[str, str]:
        try:
            return {"position": position, "risk": engine.risk(position)}
        except Exception as error:
            raise HTTPException(502) from error

    return app
