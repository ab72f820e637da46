"""Keeps the tasks in a WeakSet, so that it need not clean up."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Protocol
from weakref import WeakSet

from fastapi import FastAPI


class Notifier(Protocol):
    async def push(self, alert_id: str, /) -> None: ...


OnError = Callable[[str, Exception], None]


def create_app(notifier: Notifier, on_error: OnError) -> FastAPI:
    tasks: WeakSet[asyncio.Task[None]] = WeakSet()

    async def push(alert_id: str) -> None:
        try:
            await notifier.push(alert_id)
        except Exception as error:
            on_error(alert_id, error)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        yield
        await asyncio.gather(*tasks)

    app = FastAPI(lifespan=lifespan)

    @app.post("/alerts/{alert_id}", status_code=202)
    async def take_alert(alert_id: str) -> dict[str, str]:
        tasks.add(asyncio.create_task(push(alert_id)))
        return {"id": alert_id}

    return app
