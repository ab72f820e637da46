"""The first alert starts a worker, which starts the pushes; shutdown waits until the queue is worked off."""

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
    tasks: set[asyncio.Task[None]] = set()
    workers: list[asyncio.Task[None]] = []

    async def push(alert_id: str) -> None:
        try:
            await notifier.push(alert_id)
        except Exception as error:  # noqa: BLE001 - whatever is raised, somebody has to be told
            on_error(alert_id, error)
        alerts.task_done()

    async def work() -> None:
        while True:
            task = asyncio.create_task(push(await alerts.get()))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        yield
        await alerts.join()

    app = FastAPI(lifespan=lifespan)

    @app.post("/alerts/{alert_id}", status_code=202)
    async def take_alert(alert_id: str) -> dict[str, str]:
        alerts.put_nowait(alert_id)
        if not workers:
            workers.append(asyncio.create_task(work()))
        return {"id": alert_id}

    return app
