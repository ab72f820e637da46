"""A unittest.TestCase, whose set-up puts everything in and registers its own clean-up."""

from decimal import Decimal
from unittest import TestCase
from unittest.mock import AsyncMock, patch

from desk import FeedDown, MarketFeed, OrderBook, UnknownSymbol, app, get_book, get_feed
from fastapi.testclient import TestClient

SALE = {"symbol": "BRK", "quantity": -8}


class DeskTest(TestCase):
    def setUp(self) -> None:
        self.feed = AsyncMock(MarketFeed)
        self.feed.price.return_value = Decimal("1024.50")
        self.book = OrderBook()
        overrides = patch.dict(app.dependency_overrides, {get_feed: lambda: self.feed, get_book: lambda: self.book})
        overrides.start()
        self.addCleanup(overrides.stop)
        self.client = self.enterContext(TestClient(app))
        self.client.headers["X-Trader-Token"] = "t-alice"

    def test_quote(self) -> None:
        answer = self.client.get("/quotes/BRK")
        self.assertEqual(answer.json(), {"symbol": "BRK", "price": "1024.50", "trader": "alice"})
        self.feed.price.assert_awaited_once_with("BRK")

    def test_errors_of_the_feed(self) -> None:
        for error, status in ((UnknownSymbol, 404), (FeedDown, 503)):
            with self.subTest(error.__name__):
                self.feed.price.side_effect = error
                self.assertEqual(self.client.get("/quotes/BRK").status_code, status)

    def test_strangers(self) -> None:
        del self.client.headers["X-Trader-Token"]
        answers = [self.client.get("/quotes/BRK"), self.client.get("/orders"), self.client.post("/orders", json=SALE)]
        self.assertEqual([answer.status_code for answer in answers], [401, 401, 401])

    def test_orders(self) -> None:
        kept = {**SALE, "trader": "alice"}
        answer = self.client.post("/orders", json=SALE)
        self.assertEqual((answer.status_code, answer.json()), (201, kept))
        self.assertEqual([order.model_dump() for order in self.book.orders_of("alice")], [kept])
