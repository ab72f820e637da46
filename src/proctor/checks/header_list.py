"""Header lists as the Fetch standard has them: names in any case, values in the order in which they were sent."""

import re
from collections.abc import Sequence
from typing import Final

from proctor.wording import spell

__all__ = ["TAB_OR_SPACE", "TOKEN", "Headers", "header", "header_list_values"]

Headers = Sequence[tuple[str, str]]
"""A header list: names in any case, values as they were sent, each character standing for one byte."""

TAB_OR_SPACE: Final = "\t "
TOKEN: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")


def header(headers: Headers, name: str) -> str | None:
    """Return the value of a header, several joined by a comma and a space; None when it is absent.

    Source: https://fetch.spec.whatwg.org/#concept-header-list-get
    """
    values = [value.strip(TAB_OR_SPACE) for each, value in headers if each.lower() == name.lower()]
    return ", ".join(values) if values else None


def header_list_values(headers: Headers, name: str) -> list[str] | None:
    """Return the items of a header that is a list of tokens; None when it is absent.

    Empty items are passed over, as RFC 9110 (5.6.1.2) says. Raises ValueError when an item is no token, which the
    standard calls failure.

    Source: https://fetch.spec.whatwg.org/#extract-header-list-values
    """
    value = header(headers, name)
    if value is None:
        return None
    items = [item.strip(TAB_OR_SPACE) for item in value.split(",")]
    items = [item for item in items if item]
    for item in items:
        if not TOKEN.fullmatch(item):
            raise ValueError(f"{_spelled(name)} is {spell(value)}, in which {spell(item)} is no name")
    return items


def _spelled(name: str) -> str:
    return "-".join(part.capitalize() for part in name.split("-"))
