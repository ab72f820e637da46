r"""Stand-ins for the repo, the clock and the audit, to try this exercise by hand. They print what they do.

Alice has both permissions. Her account is loaded once for each of these, and each is a line of the audit:
    curl -i localhost:8000/account -H X-Trader-Token:t-alice
    curl -i 'localhost:8000/trades?limit=5&cursor=t-7' -H X-Trader-Token:t-alice
    curl -i localhost:8000/orders -H X-Trader-Token:t-alice -H Content-Type:application/json \
        -d '{"symbol": "AAPL", "quantity": 10}'
Bob has none. He is refused with 403, and that is a line of the audit, too:
    curl -i localhost:8000/trades -H X-Trader-Token:t-bob
A stranger is refused with 401, and nothing is loaded:
    curl -i localhost:8000/orders
Too large a page is refused with 422:
    curl -i 'localhost:8000/orders?limit=101' -H X-Trader-Token:t-alice
"""

from itertools import count
from typing import Any

from main import create_app


class Repo:
    """Has two accounts."""

    async def load(self, trader: str, /) -> dict[str, Any]:
        print(f"repo: loads the account of {trader}")
        if trader == "alice":
            return {"number": "a-1", "cash": 1200, "permissions": ["report", "trade"]}
        return {"number": "b-2", "cash": 80, "permissions": []}


class Clock:
    """Is a second later whenever it is asked."""

    def __init__(self) -> None:
        self.seconds = count(1)

    def now(self) -> str:
        print("clock: is asked")
        return f"09:00:{next(self.seconds):02}"


class Audit(list[tuple[str, str]]):
    """Prints every line."""

    def append(self, line: tuple[str, str], /) -> None:
        print(f"audit: {line}")
        super().append(line)


app = create_app(Repo(), Clock(), Audit())
