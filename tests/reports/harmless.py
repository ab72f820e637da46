"""What no text of a document may have, wherever it comes from."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from tests.reports.actions_runner import commands_in

__all__ = ["insist_on_harmless", "read_json"]

_INVISIBLE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def read_json(text: str) -> Any:
    """Read a document as strictly as its readers: UTF-8, line feeds, no mark before it, no number that JSON lacks."""
    data = text.encode()
    assert not data.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in data
    assert data.endswith(b"}\n")
    document = json.loads(data, parse_constant=_refuse)
    insist_on_harmless(document)
    return document


def insist_on_harmless(document: Any) -> None:
    """Insist that no text in a document is obeyed by a terminal or by a build server, and that none is endless."""
    for text in _texts(document):
        assert not _INVISIBLE.search(text), ascii(text)
        assert not commands_in(text), ascii(text)
        assert len(text) <= 4100


def _texts(document: Any) -> Iterator[str]:
    if isinstance(document, str):
        yield document
    elif isinstance(document, dict):
        for pair in document.items():  # pyright: ignore[reportUnknownVariableType] - any JSON
            yield from _texts(list(pair))  # pyright: ignore[reportUnknownArgumentType] - same
    elif isinstance(document, list):
        for entry in document:  # pyright: ignore[reportUnknownVariableType] - same
            yield from _texts(entry)


def _refuse(constant: str) -> None:
    raise AssertionError(constant)
