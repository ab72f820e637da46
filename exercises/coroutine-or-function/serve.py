"""Stand-ins for providers of prices, to try this exercise by hand. They print the thread in which they are called.

Your `classify` says of what kind some objects are:
    curl -i localhost:8000/classify
Your `call` keeps an ordinary function off the event loop, which is in MainThread, and awaits an async one there:
    curl -i localhost:8000/call/fetch
    curl -i localhost:8000/call/fetch_later
Your `lazy` returns before the step begins:
    curl -i localhost:8000/lazy
Your `run_log` begins a step when the one before it has ended:
    curl -i localhost:8000/run_log
Your desk blocks a thread for two seconds. Send two at the same time, from two terminals: neither waits for the other:
    curl -i localhost:8000/quotes/AAPL
"""

import asyncio
import threading
import time
from functools import partial
from typing import Any, Literal

from fastapi import FastAPI
from main import call, classify, create_app, lazy, run_log


def fetch(symbol: str) -> str:
    """Look up a price, and block meanwhile."""
    print(f"fetch: {symbol} in {threading.current_thread().name}")
    time.sleep(2)
    return "101.50"


async def fetch_later(symbol: str) -> str:
    """Look up a price, and let the event loop turn meanwhile."""
    print(f"fetch_later: {symbol} in {threading.current_thread().name}")
    await asyncio.sleep(2)
    return "402.10"


async def step(name: str) -> str:
    print(f"{name}: begins")
    await asyncio.sleep(1)
    print(f"{name}: ends")
    return name


PROVIDERS = {"fetch": fetch, "fetch_later": fetch_later}
OBJECTS = {"len": len, **PROVIDERS, "partial(fetch_later)": partial(fetch_later, "AAPL"), "42": 42}

app = FastAPI(openapi_url=None)  # so that /docs is that of your application


@app.get("/classify")
async def classify_objects() -> dict[str, str]:
    coroutine = fetch_later("AAPL")
    kinds = {name: classify(obj) for name, obj in OBJECTS.items()} | {"fetch_later('AAPL')": classify(coroutine)}
    coroutine.close()
    return kinds


@app.get("/call/{provider}")
async def call_provider(provider: Literal["fetch", "fetch_later"]) -> dict[str, Any]:
    return {"price": await call(PROVIDERS[provider], "AAPL")}


@app.get("/lazy")
async def await_lazily() -> dict[str, Any]:
    coroutine = lazy(partial(step, "lazy step"))
    print("lazy: what it has returned is awaited now")
    return {"returned": await coroutine}


@app.get("/run_log")
async def run_three_steps() -> list[Any]:
    return await run_log([partial(step, name) for name in ("first", "second", "third")])


app.mount("/", create_app(fetch))
