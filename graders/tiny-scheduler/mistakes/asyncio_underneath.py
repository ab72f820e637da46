"""Leaves everything to asyncio."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any


async def pause() -> None:
    await asyncio.sleep(0)


def run(coros: Sequence[Coroutine[Any, Any, Any]]) -> list[Any]:
    async def run_all() -> list[Any]:
        return await asyncio.gather(*coros)

    return asyncio.run(run_all())
