"""The table is patched by unittest.mock, and so are the fakes: mocks behind a function without parameters."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any, get_args
from unittest.mock import MagicMock, create_autospec, patch

import desk
from fastapi import FastAPI


def giving(value: object) -> Callable[[], object]:
    return lambda: value


feed = MagicMock()
feed.price.return_value = "101.50"

trader = get_args(desk.CurrentTrader)[1].dependency

FAKES: list[tuple[FastAPI, object, object]] = [
    (desk.app, desk.get_feed, lambda: feed),
    (desk.app, desk.get_settings, giving(MagicMock(currency="CHF"))),
    (desk.app, desk.AuditTrail, giving(MagicMock(entries=["desk opened"]))),
    (desk.app, desk.open_ledger, giving({"AAPL": 10})),
    (desk.app, desk.check_licence, create_autospec(desk.check_licence, return_value=None)),
    (desk.app, desk.require_trade, create_autospec(desk.require_trade, return_value="alice")),
    (desk.app, trader, giving("alice")),
    (desk.market, desk.get_holidays, create_autospec(desk.get_holidays, return_value=["2030-01-01"])),
]


def overriding(app: FastAPI, mapping: Mapping[Any, object]) -> AbstractContextManager[object]:
    replacements = {key: value if callable(value) else giving(value) for key, value in mapping.items()}
    return patch.dict(app.dependency_overrides, replacements)
