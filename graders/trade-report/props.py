"""Builds a repository of internal records from descriptions, since JSON carries neither models nor decimals.

A description has the ``key`` under which the record is found, its ``shape`` (``model``, ``dict``, or ``unchecked`` for
a model that nothing has validated) and its ``fields``, among them the fields of the ``account``.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

import desk
from pydantic import BaseModel, create_model

Description = dict[str, Any]
Model = TypeVar("Model", bound=BaseModel)

READ = {"price": Decimal, "pnl": Decimal, "credit_limit": Decimal, "executed_at": datetime.fromisoformat}
"""How values are made of the texts that JSON carries, by field."""


class Records:
    """A repository that builds its records anew whenever it is asked."""

    def __init__(self, descriptions: list[Description]) -> None:
        self._descriptions = descriptions

    def get(self, trade_id: int, /) -> desk.Record | None:
        """Return the record with this key."""
        return next((build(each) for each in self._descriptions if each["key"] == trade_id), None)

    def all(self) -> list[desk.Record]:
        """Return all records."""
        return [build(each) for each in self._descriptions]


def repository(*descriptions: Description) -> desk.Repository:
    """Return a repository with the records that are described."""
    return Records(list(descriptions))


def build(description: Description) -> desk.Record:
    """Build one record."""
    fields, account = _read(description["fields"]), _read(description["fields"]["account"])
    if description["shape"] == "dict":
        return fields | {"account": account}
    fields["account"] = _class_with(account, desk.Account, desk.PrimeAccount)(**account)
    model = _class_with(fields, desk.Trade, desk.AlgoTrade)
    return model.model_construct(**fields) if description["shape"] == "unchecked" else model(**fields)


def _read(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: READ[name](value) if name in READ else value for name, value in fields.items()}


def _class_with(fields: dict[str, Any], base: type[Model], *known: type[Model]) -> type[Model]:
    """Return the class of the desk that has these fields, or a new subclass with those that none of them has."""
    for one in (base, *known):
        if fields.keys() <= one.model_fields.keys():
            return one
    new: dict[str, Any] = {name: (str, ...) for name in fields if name not in base.model_fields}
    return create_model(f"New{base.__name__}", __base__=base, **new)
