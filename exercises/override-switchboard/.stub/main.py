"""Fakes for a desk without a network, and a switch for them. See README.md beside this file."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

from fastapi import FastAPI

FAKES: list[tuple[FastAPI, object, object]] = [
    # TODO: one entry (application, key, replacement) for each of the eight dependencies in desk.py, so that
    #   application.dependency_overrides[key] = replacement
    # makes its route answer without the network
]


def overriding(app: FastAPI, mapping: Mapping[Callable[..., object], object]) -> AbstractContextManager[object]:
    """Override what `mapping` says (dependency -> callable or plain object) on `app` for the block of a `with`."""
    # TODO: put the replacements in for the block, and leave the table as it was before, however the block ends
    raise NotImplementedError("overriding")
