"""Collects what the pushes raised when the desk shuts down."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Protocol

from fastapi import FastAPI


class Notifier(Protocol):
    async def push(self, alert_id: str, /) -> None: ...


OnError = Callable[[str, Exception], None]


def create_app(notifier: Notifier, on_error: OnError) -> FastAPI:
    tasks: dict[str, asyncio.Task[None]] = {}

    async def push(alert_id: str) -> None:
        await notifier.push(alert_id)

    def ended(alert_id: str) -> None:
        if tasks[alert_id].exception() is None:
            del tasks[alert_id]

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        yield
        results = await asyncio.gather(*tasks.values(), return_exceptions=True)
        for alert_id, result in zip(tasks, results):
            if isinstance(result, Exception):
                on_error(alert_id, result)

    app = FastAPI(lifespan=lifespan)

    @app.post("/alerts/{alert_id}", status_code=202)
    async def take_alert(alert_id: str) -> dict[str, str]:
        tasks[alert_id] = asyncio.create_task(push(alert_id))
        tasks[alert_id].add_done_callback(lambda _: ended(alert_id))
        return {"id": alert_id}

    return app
