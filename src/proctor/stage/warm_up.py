"""One good and one bad request through a small application, before any stage is forked.

So every stage finds imported and built what every submission needs, which is most of what its own import costs.
"""

import asyncio
from typing import Annotated, Any

__all__ = ["warm_up"]


def warm_up() -> None:
    """Import and use what every submission needs."""
    from fastapi import BackgroundTasks, Depends, FastAPI, Request  # noqa: PLC0415 - only the warm server pays for it
    from fastapi.middleware.cors import CORSMiddleware  # noqa: PLC0415 - same
    from pydantic import BaseModel  # noqa: PLC0415 - same

    class Item(BaseModel):
        name: str
        size: int = 1

    async def session(request: Request) -> str:
        return request.url.path

    app = FastAPI()
    app.add_middleware(CORSMiddleware, allow_origins=["https://warm.example"])

    @app.middleware("http")
    async def pass_on(request: Request, call_next: Any) -> Any:  # pyright: ignore[reportUnusedFunction] - registered by the decorator
        return await call_next(request)

    @app.post("/items/{number}")
    async def create(number: int, item: Item, tasks: BackgroundTasks, path: Annotated[str, Depends(session)]) -> Item:  # pyright: ignore[reportUnusedFunction] - registered by the decorator
        del number, tasks, path
        return item

    async def request(body: bytes) -> None:
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "POST",
            "path": "/items/1",
            "raw_path": b"/items/1",
            "query_string": b"",
            "root_path": "",
            "scheme": "http",
            "headers": [(b"content-type", b"application/json"), (b"origin", b"https://warm.example")],
            "client": ("127.0.0.1", 1),
            "server": ("warm.example", 80),
        }
        inbox = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> Any:
            return inbox.pop() if inbox else {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            del message

        await app(scope, receive, send)

    async def both() -> None:
        await request(b'{"name": "a"}')
        await request(b"{}")

    asyncio.run(both())
