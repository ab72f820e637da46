"""An AnyIO task group reaches the endpoint through the state of the lifespan."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Protocol

from anyio import create_task_group
from anyio.abc import TaskGroup
from fastapi import FastAPI, Request


class Notifier(Protocol):
    async def push(self, alert_id: str, /) -> None: ...


OnError = Callable[[str, Exception], None]


def create_app(notifier: Notifier, on_error: OnError) -> FastAPI:
    async def push(alert_id: str) -> None:
        try:
            await notifier.push(alert_id)
        except Exception as error:  # noqa: BLE001 - whatever is raised, somebody has to be told
            on_error(alert_id, error)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[dict[str, TaskGroup]]:
        async with create_task_group() as group:
            yield {"group": group}

    app = FastAPI(lifespan=lifespan)

    @app.post("/alerts/{alert_id}", status_code=202)
    async def take_alert(alert_id: str, request: Request) -> dict[str, str]:
        group: TaskGroup = request.state.group
        group.start_soon(push, alert_id)
        return {"id": alert_id}

    return app
