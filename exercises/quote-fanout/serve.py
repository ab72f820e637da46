"""Stand-ins for five venues, to try this exercise by hand. They print who is asked, and at most two should be.

London fails, and the other four are there after five seconds, in the order of VENUES:
    curl -i localhost:8000/best/AAPL
Send this one meanwhile, from a second terminal. It has two places of its own:
    curl -i localhost:8000/best/MSFT
"""

import asyncio
from collections.abc import Awaitable, Callable

from main import create_app

in_flight: list[str] = []


def venue(name: str, seconds: float, quote: str) -> Callable[[str], Awaitable[str]]:
    """Make the function that asks a venue, which thinks for so many seconds; without a quote it fails."""

    async def fetch(symbol: str) -> str:
        asked = f"{name} for {symbol}"
        in_flight.append(asked)
        print("in flight:", in_flight)
        try:
            await asyncio.sleep(seconds)
        finally:
            in_flight.remove(asked)
        if not quote:
            raise ConnectionError(f"{name} is closed")
        return quote

    return fetch


VENUES = {
    "Zurich": venue("Zurich", 3, "101.50"),
    "London": venue("London", 1, ""),
    "Paris": venue("Paris", 2, "101.45"),
    "New York": venue("New York", 2, "101.60"),
    "Tokyo": venue("Tokyo", 1, "101.55"),
}

app = create_app(VENUES, limit=2)
