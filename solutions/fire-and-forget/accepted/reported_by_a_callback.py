"""The bare push is the task; its callback looks at how it ended and reports."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Protocol

from fastapi import FastAPI


class Notifier(Protocol):
    async def push(self, alert_id: str, /) -> None: ...


OnError = Callable[[str, Exception], None]


def create_app(notifier: Notifier, on_error: OnError) -> FastAPI:
    tasks: dict[asyncio.Task[None], str] = {}

    def ended(task: asyncio.Task[None]) -> None:
        alert_id = tasks.pop(task)
        error = task.exception()
        if isinstance(error, Exception):
            on_error(alert_id, error)

    async def push(alert_id: str) -> None:
        await notifier.push(alert_id)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        yield
        while tasks:
            await asyncio.wait(tasks)

    app = FastAPI(lifespan=lifespan)

    @app.post("/alerts/{alert_id}", status_code=202)
    async def take_alert(alert_id: str) -> dict[str, str]:
        task = asyncio.create_task(push(alert_id))
        tasks[task] = alert_id
        task.add_done_callback(ended)
        return {"id": alert_id}

    return app
