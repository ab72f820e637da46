"""What scripts of a page may do with the API: those of the desk's pages, and those of anybody else's."""

import json
from typing import Any

from proctor.checks import Access, Application, Draw, Page, Stage, expect

__all__ = [
    "ALLOWED",
    "DASHBOARD",
    "DEVELOPER",
    "expect_none",
    "expect_not_sent",
    "expect_origin_kept",
    "expect_readable",
    "origins_elsewhere",
]

DASHBOARD = "https://desk.example"
DEVELOPER = "http://localhost:5173"
ALLOWED = (DASHBOARD, DEVELOPER)


def expect_readable(what: str, origin: str, access: Access) -> None:
    """The script got to read the answer."""
    about = f"{what}, by a script of {origin}"
    expect(about, access.readable).is_true("sent, and its answer can be read", access.why_not)


def expect_not_sent(what: str, origin: str, access: Access) -> None:
    """The browser asked, and did not send the request."""
    about = f"{what}, by a script of {origin}"
    expect(about, not access.sent).is_true("not sent, because its preflight fails", "sent: its preflight succeeded")


async def expect_origin_kept(
    stage: Stage, app: Application, headers: list[tuple[str, str]], order: dict[str, Any], elsewhere: Page
) -> None:
    """The answer to an order of the dashboard names its origin, although another page asks while it is under way."""
    held = app.request("POST", "/orders", [*headers, ("Origin", DASHBOARD)], json=order, hold_body=True)
    await stage.settled()  # every layer has seen it; the route waits for the body
    await elsewhere.fetch("GET", "/quotes")
    held.body(json.dumps(order).encode())
    allowed = (await held.answered()).header("access-control-allow-origin")
    about = f"Access-Control-Allow-Origin for {DASHBOARD}, whose POST /orders was under way while another page asked"
    expect(about, allowed).is_one_of(DASHBOARD, "*")


def origins_elsewhere(draw: Draw) -> dict[str, list[str]]:
    """Return origins that are not allowed, by what they are."""
    word = draw.word()
    return {
        "another site": [f"https://{word}.example", f"http://{word}.example:5173"],
        "another scheme": ["http://desk.example", "https://localhost:5173"],
        "another port": [
            f"https://desk.example:{draw.number(8001, 8999)}",
            f"http://localhost:{draw.number(3000, 3999)}",
        ],
        "another host below desk.example": ["https://www.desk.example", f"https://{word}.desk.example"],
        "another name of the same machine": ["http://127.0.0.1:5173", "http://[::1]:5173"],
        "an allowed host with something before it": [f"https://{word}desk.example", f"https://{word}-desk.example"],
        "an allowed origin with something after it": [
            f"https://desk.example.{word}.example",
            f"https://desk.example{word}",
            f"http://localhost:5173{draw.number(0, 3)}",
        ],
        "a look-alike of an allowed origin": ["https://deskxexample", "https://desk-example"],
        "the beginning of an allowed origin": [
            origin[:length] for origin in ALLOWED for length in reversed(range(1, len(origin)))
        ],
        "the origin of a sandboxed frame": ["null"],
    }


def expect_none(about: str, elsewhere: dict[str, list[str]], found: list[str]) -> None:
    """None of the origins elsewhere was found to be let in; those that were are told by what they are."""
    parts: list[str] = []
    for kind, origins in elsewhere.items():
        wrong = [origin for origin in origins if origin in found]
        if wrong:
            parts.append(f"{kind} ({wrong[0]}{f' and {len(wrong) - 1} more' if len(wrong) > 1 else ''})")
    if all(origin in found for origins in elsewhere.values() for origin in origins):
        parts = [f"every one that was tried, for example {found[0]}"]
    expect(about, not found).is_true("none", "; ".join(parts))
