"""Opens a task group in the endpoint, which waits for its tasks."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from fastapi import FastAPI


class Notifier(Protocol):
    async def push(self, alert_id: str, /) -> None: ...


OnError = Callable[[str, Exception], None]


def create_app(notifier: Notifier, on_error: OnError) -> FastAPI:
    async def push(alert_id: str) -> None:
        try:
            await notifier.push(alert_id)
        except Exception as error:
            on_error(alert_id, error)

    app = FastAPI()

    @app.post("/alerts/{alert_id}", status_code=202)
    async def take_alert(alert_id: str) -> dict[str, str]:
        async with asyncio.TaskGroup() as group:
            group.create_task(push(alert_id))
        return {"id": alert_id}

    return app
