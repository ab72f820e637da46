"""The endpoint only queues the alert; a dispatcher starts the pushes and is told when to stop."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Protocol

from fastapi import FastAPI


class Notifier(Protocol):
    async def push(self, alert_id: str, /) -> None: ...


OnError = Callable[[str, Exception], None]


def create_app(notifier: Notifier, on_error: OnError) -> FastAPI:
    alerts: asyncio.Queue[str | None] = asyncio.Queue()

    async def push(alert_id: str) -> None:
        try:
            await notifier.push(alert_id)
        except Exception as error:  # noqa: BLE001 - whatever is raised, somebody has to be told
            on_error(alert_id, error)

    async def dispatch() -> None:
        async with asyncio.TaskGroup() as group:
            while (alert_id := await alerts.get()) is not None:
                group.create_task(push(alert_id))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        dispatcher = asyncio.create_task(dispatch())
        yield
        alerts.put_nowait(None)
        await dispatcher

    app = FastAPI(lifespan=lifespan)

    @app.post("/alerts/{alert_id}", status_code=202)
    async def take_alert(alert_id: str) -> dict[str, str]:
        alerts.put_nowait(alert_id)
        return {"id": alert_id}

    return app
