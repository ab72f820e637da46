"""Gives the steps the session that a dependency has opened for the request."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Annotated, Protocol

from fastapi import BackgroundTasks, Depends, FastAPI


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

    async def run(order_id: str, name: str, session: Session) -> None:
        try:
            await by_name[name](order_id, session)
        except Exception as error:
            failures.append((order_id, name, type(error).__name__))
        await session.remove_from_outbox(order_id, name)
        await session.commit()

    async def open_session() -> AsyncGenerator[Session]:
        async with db.session() as session:
            yield session

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        async with db.session() as session:
            left = await session.outbox()
        for order_id, name in left:
            async with db.session() as session:
                await run(order_id, name, session)
        yield

    app = FastAPI(lifespan=lifespan)

    @app.post("/orders/{order_id}", status_code=202)
    async def take_order(
        order_id: str, background: BackgroundTasks, session: Annotated[Session, Depends(open_session)]
    ) -> dict[str, str]:
        await session.add_order(order_id)
        for name, _ in steps:
            await session.add_to_outbox(order_id, name)
        await session.commit()
        for name, _ in steps:
            background.add_task(run, order_id, name, session)
        return {"id": order_id}

    return app
