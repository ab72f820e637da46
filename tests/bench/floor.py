"""The floor: what a fresh process per check costs if nothing is isolated, reported or judged.

``python -m tests.bench.floor LANES SLUG...`` imports FastAPI once and serves a request through a dummy application.
Then it forks a child for every plain check; each child imports the submission, performs the requests of its check over
plain ASGI and exits. At most LANES children are under way. It prints one JSON object about the forks alone, and fails
when a child does: a floor that sends no requests would be too low.
"""

import asyncio
import gc
import importlib
import json
import os
import resource
import sys
import time
import traceback
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import Annotated, Any, NoReturn

from fastapi import BackgroundTasks, Depends, FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from pydantic import BaseModel
from tests.bench.plain.in_process import Exchange

Check = Callable[[], Coroutine[Any, Any, None]]
Work = Callable[[], None]


class Item(BaseModel):
    name: str


def warm_up() -> None:
    """Serve one good and one bad request, as Proctor's warm server does."""
    app = FastAPI()
    app.add_middleware(CORSMiddleware, allow_origins=["https://warm.example"])

    async def path(request: Request) -> str:
        return request.url.path

    @app.middleware("http")
    async def pass_on(request: Request, call_next: Any) -> Any:  # pyright: ignore[reportUnusedFunction] - registered by the decorator
        return await call_next(request)

    @app.post("/items/{number}")
    async def create(number: int, item: Item, tasks: BackgroundTasks, path: Annotated[str, Depends(path)]) -> Item:  # pyright: ignore[reportUnusedFunction] - registered by the decorator
        del number, tasks, path
        return item

    async def both() -> None:
        for body in ({"name": "a"}, {"size": 1}):
            await Exchange(app, "POST", "/items/1", [("origin", "https://warm.example")], json=body).run()

    asyncio.run(both())


def checks_of(slug: str) -> list[Check]:
    """Return the plain checks of an exercise, in their order."""
    module = importlib.import_module(f"tests.bench.plain.{slug.replace('-', '_')}_checks")
    return [check for name, check in vars(module).items() if name.startswith("test_")]


def perform(checks: Iterable[Check]) -> None:
    """Perform checks; runs in the child."""
    for check in checks:
        asyncio.run(check())


def become(work: Work) -> NoReturn:
    """Become the child that does this."""
    try:
        work()
    except BaseException:  # noqa: BLE001 - whatever it is, the parent hears of it
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def wait_for_one() -> None:
    """Reap a child. Raises RuntimeError when it failed."""
    _, status = os.wait()
    if status:
        raise RuntimeError("a check failed on the floor; its traceback is above")


def fork_all(works: Iterable[Work], lanes: int) -> None:
    """Fork a child for every piece of work, some at a time."""
    running = 0
    for work in works:
        if running == lanes:
            wait_for_one()
            running -= 1
        if not os.fork():
            become(work)
        running += 1
    for _ in range(running):
        wait_for_one()


def cpu_seconds() -> float:
    """Return the processor time of this process and of its children that have ended."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def time_forks(works: Sequence[Work], lanes: int) -> dict[str, float]:
    """Warm up, then fork; return what the forks alone have taken."""
    os.environ["PROCTOR_BENCH_CLIENT"] = "asgi"
    warm_up()
    gc.collect()
    gc.freeze()
    begin, cpu = time.perf_counter(), cpu_seconds()
    fork_all(works, lanes)
    return {"wall_s": time.perf_counter() - begin, "cpu_s": cpu_seconds() - cpu}


def main(lanes: int, slugs: Sequence[str]) -> None:
    """Fork for every check of these exercises."""
    checks = [check for slug in slugs for check in checks_of(slug)]
    seconds = time_forks([lambda check=check: perform([check]) for check in checks], lanes)
    print(json.dumps({**seconds, "checks": len(checks)}))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
