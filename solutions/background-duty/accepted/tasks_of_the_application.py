"""A task group of the lifespan runs the steps, left-over ones as well as new ones."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

from fastapi import FastAPI


class Session(Protocol):
    async def add_order(self, order_id: str, /) -> None: ...
    async def add_to_outbox(self, order_id: str, step: str, /) -> None: ...
    async def remove_from_outbox(self, order_id: str, step: str, /) -> None: ...
    async def outbox(self) -> list[tuple[str, str]]: ...
    async def commit(self) -> None: ...


class Database(Protocol):
    def session(self) -> AbstractAsyncContextManager[Session]: ...


Step = Callable[[str, Session], Awaitable[None]]


def create_app(steps: list[tuple[str, Step]], failures: list[tuple[str, str, str]], db: Database) -> FastAPI:
    by_name = dict(steps)

    async def run(order_id: str, name: str) -> None:
        try:
            async with db.session() as session:
                await by_name[name](order_id, session)
        except Exception as error:  # noqa: BLE001 - whatever is raised, the next step runs
            failures.append((order_id, name, type(error).__name__))
        async with db.session() as session:
            await session.remove_from_outbox(order_id, name)
            await session.commit()

    async def run_in_order(left: list[tuple[str, str]]) -> None:
        for order_id, name in left:
            await run(order_id, name)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        async with db.session() as session:
            left = await session.outbox()
        async with asyncio.TaskGroup() as group:
            app.state.group = group
            group.create_task(run_in_order(left))
            yield

    app = FastAPI(lifespan=lifespan)

    @app.post("/orders/{order_id}", status_code=202)
    async def take_order(order_id: str) -> dict[str, str]:
        async with db.session() as session:
            await session.add_order(order_id)
            for name, _ in steps:
                await session.add_to_outbox(order_id, name)
            await session.commit()
        app.state.group.create_task(run_in_order([(order_id, name) for name, _ in steps]))
        return {"id": order_id}

    return app
