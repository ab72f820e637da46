"""How every JSON document for another system is written: UTF-8, no byte-order mark, line feeds, no NaN."""

import json
from collections.abc import Mapping

__all__ = ["json_text"]


def json_text(document: Mapping[str, object]) -> str:
    """Return a document as text. Raises ValueError for numbers that JSON does not have."""
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2) + "\n"
