r"""A stand-in for the repository of the desk, to try this exercise by hand. It has a trade of every kind.

A trade, one that a program has made for somebody with credit, and a dict. None of them shows more than is public:
    curl -i localhost:8000/trades/1
    curl -i localhost:8000/trades
The same trade with a tag, which stays the same as long as the trade does:
    curl -i localhost:8000/trades/2/raw
One trade on each line:
    curl -i -N localhost:8000/trades/feed
There is no such trade, which is 404, and this one has a text for its id, which is 500:
    curl -i localhost:8000/trades/99
    curl -i localhost:8000/trades/4
"""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

from desk import Account, AlgoTrade, PrimeAccount, Record, Trade
from main import create_app

TRADE = Trade(
    id=1,
    symbol="AAPL",
    quantity=100,
    price=Decimal("189.50"),
    executed_at=datetime(2030, 1, 31, 9, 30, 0, 250_000, tzinfo=timezone(timedelta(hours=-5))),
    venue="XNAS",
    account=Account(name="Blue Harbour", country="NL", api_secret="SECRET"),
    broker_key="SECRET",
    pnl=Decimal("-1200.00"),
)
ALGO_TRADE = AlgoTrade(
    id=2,
    symbol="MSFT",
    quantity=0,
    price=Decimal("402.1000"),
    executed_at=datetime(2030, 1, 31, 15, 4, 5, tzinfo=UTC),
    account=PrimeAccount(name="Long Tail", country="SE", api_secret="SECRET", credit_limit=Decimal(5000)),
    broker_key="SECRET",
    pnl=Decimal("310.25"),
    algorithm="SECRET",
)
DICT = {**dict(TRADE), "id": 3, "account": dict(TRADE.account)}
BROKEN = {**DICT, "id": "xx"}


class Repository:
    """Keeps three trades, and one that is broken and in no list."""

    def get(self, trade_id: int, /) -> Record | None:
        print(f"repository: asked for trade {trade_id}")
        return {1: TRADE, 2: ALGO_TRADE, 3: dict(DICT), 4: dict(BROKEN)}.get(trade_id)

    def all(self) -> list[Record]:
        print("repository: asked for all trades")
        return [TRADE, ALGO_TRADE, dict(DICT)]


app = create_app(Repository())
