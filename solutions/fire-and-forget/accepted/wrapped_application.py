"""An ASGI callable around the application holds back the message that shutdown is complete."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Notifier(Protocol):
    async def push(self, alert_id: str, /) -> None: ...


OnError = Callable[[str, Exception], None]


def create_app(notifier: Notifier, on_error: OnError) -> ASGIApp:
    app = FastAPI()
    tasks: list[asyncio.Task[None]] = []

    async def push(alert_id: str) -> None:
        try:
            await notifier.push(alert_id)
        except Exception as error:  # noqa: BLE001 - whatever is raised, somebody has to be told
            on_error(alert_id, error)

    @app.post("/alerts/{alert_id}", status_code=202)
    async def take_alert(alert_id: str) -> dict[str, str]:
        tasks[:] = [task for task in tasks if not task.done()]
        tasks.append(asyncio.create_task(push(alert_id)))
        return {"id": alert_id}

    async def desk(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_after_the_pushes(message: Message) -> None:
            if message["type"] == "lifespan.shutdown.complete":
                await asyncio.gather(*tasks)
            await send(message)

        await app(scope, receive, send_after_the_pushes)

    return desk
