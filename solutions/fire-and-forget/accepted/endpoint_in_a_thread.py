"""The endpoint is an ordinary function, and has the event loop start the push."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Protocol

from anyio import from_thread
from fastapi import FastAPI


class Notifier(Protocol):
    async def push(self, alert_id: str, /) -> None: ...


OnError = Callable[[str, Exception], None]


def create_app(notifier: Notifier, on_error: OnError) -> FastAPI:
    tasks: set[asyncio.Task[None]] = set()

    async def push(alert_id: str) -> None:
        try:
            await notifier.push(alert_id)
        except Exception as error:  # noqa: BLE001 - whatever is raised, somebody has to be told
            on_error(alert_id, error)

    def start(alert_id: str) -> None:
        task = asyncio.create_task(push(alert_id))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        yield
        await asyncio.gather(*tasks)

    app = FastAPI(lifespan=lifespan)

    @app.post("/alerts/{alert_id}", status_code=202)
    def take_alert(alert_id: str) -> dict[str, str]:
        from_thread.run_sync(start, alert_id)
        return {"id": alert_id}

    return app
