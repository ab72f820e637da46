"""Stand-ins for coroutines that trade, to try this exercise by hand: they print every turn that they have.

Each trader has so many turns. Your scheduler lets them trade by turns, and the answer says in which order:
    curl -i 'localhost:8000/turns?alice=2&bob=3&carol=1'
A trader with many turns holds up nobody:
    curl -i 'localhost:8000/turns?alice=9&bob=1'
"""

from fastapi import FastAPI, Request
from main import pause, run


class Trader:
    """Notes its turns, and pauses between them."""

    def __init__(self, name: str, log: list[str]) -> None:
        self.name, self.log = name, log

    async def trade(self, count: int) -> str:
        for number in range(count):
            if number:
                await pause()
            self.log.append(f"{self.name}{number}")
            print("turn:", self.log[-1])
        return f"{self.name} is done"


app = FastAPI()


@app.get("/turns")
def have_turns(request: Request) -> dict[str, list[str]]:
    """Run in a thread, where there is no event loop."""
    log: list[str] = []
    counts = request.query_params.items()
    print("run: with", len(counts), "coroutines")
    coros = [Trader(name, log).trade(int(count)) for name, count in counts]
    try:
        return {"turns": log, "results": run(coros)}
    finally:
        for coro in coros:
            coro.close()
