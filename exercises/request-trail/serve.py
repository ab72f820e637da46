"""Stand-ins for a desk and its trail, to try this exercise by hand. The trail prints every line.

The id in the header is the one that the endpoint sees:
    curl -i localhost:8000/quotes/AAPL
An id that was sent is kept, in the background task, too. The line comes before that task:
    curl -i -X POST localhost:8000/orders/o-1 -H X-Request-ID:mine
A crash is answered with 500, and the id stands in its header and its body:
    curl -i localhost:8000/boom
A stream has a part every second, and its line after the last one:
    curl -i -N localhost:8000/ticks
This one breaks off. curl says that the transfer is not complete, and the trail says nothing:
    curl -i -N localhost:8000/broken
"""

import asyncio
from collections.abc import AsyncIterator

from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import StreamingResponse
from main import current_rid, instrument


class Trail(list[tuple[str, int]]):
    """Prints every line as it is appended."""

    def append(self, line: tuple[str, int]) -> None:
        print("trail:", line)
        super().append(line)


desk = FastAPI()


@desk.get("/quotes/{symbol}")
async def quote(symbol: str) -> dict[str, str]:
    return {"symbol": symbol, "price": "101.50", "request_id": current_rid()}


@desk.post("/orders/{order_id}")
def order(order_id: str, tasks: BackgroundTasks) -> dict[str, str]:
    tasks.add_task(send_mail, order_id)
    return {"id": order_id, "request_id": current_rid()}


async def send_mail(order_id: str) -> None:
    print(f"mailer: {order_id} is confirmed, request {current_rid()}")


@desk.get("/boom")
async def boom() -> None:
    raise RuntimeError("the pricing library gave up")


@desk.get("/ticks")
async def ticks() -> StreamingResponse:
    return StreamingResponse(parts(3), media_type="text/plain")


@desk.get("/broken")
async def broken() -> StreamingResponse:
    return StreamingResponse(parts(3, breaks_off=True), media_type="text/plain")


async def parts(count: int, *, breaks_off: bool = False) -> AsyncIterator[str]:
    for number in range(count):
        await asyncio.sleep(1)
        yield f"tick {number}\n"
    if breaks_off:
        raise RuntimeError("the ticker gave up")


app = instrument(desk, Trail())
