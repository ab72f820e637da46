"""A badge of shields.io: the document of its endpoint.

Source: https://shields.io/badges/endpoint-badge. Anybody may read it and whoever has the file can change it, so it
proves nothing, and says nothing of whom or what it is about.
"""

from typing import Final

from proctor.reports.excerpt import Total, excerpts_of, total_of
from proctor.reports.json_text import json_text
from proctor.reports.reader import Reader
from proctor.scorecard import Report

__all__ = ["to_shields"]

_SECONDS: Final = 300


def to_shields(report: Report, reader: Reader = Reader.STUDENT) -> str:
    """Return the points of the report as a badge."""
    total = total_of(excerpts_of(report, reader))
    badge: dict[str, object] = {"schemaVersion": 1, "label": total.kind}
    if total.score is None:
        return json_text({**badge, "message": "not decided", "color": "lightgrey", "isError": True})
    message = f"{total.score}/{total.max_score}"
    return json_text({**badge, "message": message, "color": _color(total), "cacheSeconds": _SECONDS})


def _color(total: Total) -> str:
    """Return a colour that says no more than the numbers beside it."""
    if not total.score:
        return "red" if total.max_score else "lightgrey"
    if total.score >= total.max_score:
        return "brightgreen"
    return "yellow" if 2 * total.score >= total.max_score else "orange"
