"""Has a single worker push the alerts one after another."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Protocol

from fastapi import FastAPI


class Notifier(Protocol):
    async def push(self, alert_id: str, /) -> None: ...


OnError = Callable[[str, Exception], None]


def create_app(notifier: Notifier, on_error: OnError) -> FastAPI:
    alerts: asyncio.Queue[str] = asyncio.Queue()

    async def push(alert_id: str) -> None:
        try:
            await notifier.push(alert_id)
        except Exception as error:
            on_error(alert_id, error)

    async def work() -> None:
        while True:
            await push(await alerts.get())
            alerts.task_done()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        worker = asyncio.create_task(work())
        yield
        await alerts.join()
        worker.cancel()

    app = FastAPI(lifespan=lifespan)

    @app.post("/alerts/{alert_id}", status_code=202)
    async def take_alert(alert_id: str) -> dict[str, str]:
        alerts.put_nowait(alert_id)
        return {"id": alert_id}

    return app
