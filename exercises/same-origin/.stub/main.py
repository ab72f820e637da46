"""What a browser lets a page do, written without a browser. See README.md beside this file."""

from typing import Literal

from desk_request import Application, Request, send  # `await send(app, method, url, headers, body)` gives an Answer

Verdict = Literal["ok", "blocked-before", "sent-but-unreadable"]


def origin_of(url: str) -> str | None:
    """Return the origin of a URL as browsers write it, or None if it has none."""
    # TODO: 1. scheme, host and port; what makes two spellings of one origin the same text?
    return None


def same_origin(a: str, b: str) -> bool:
    """Say whether two URLs have one and the same origin."""
    # TODO: 2. all three parts count; what about two URLs that have no origin?
    return False


def needs_preflight(method: str, headers: dict[str, str], body_type: str | None) -> bool:
    """Say whether a browser asks the server before it sends this request to another origin."""
    # TODO: 3. the method, the names of the headers, and the content type decide
    return False


def may_read(response_headers: list[tuple[str, str]], page_origin: str, credentials: bool) -> bool:
    """Say whether a page of this origin gets to read an answer with these headers."""
    # TODO: 4. one origin or `*`; and more than that when credentials come in
    return False


async def verdict(app: Application, page_url: str, request: Request, credentials: bool) -> Verdict:
    """Send a request as the script of a page would, preflight first where one is due, and say what came of it."""
    # TODO: 5. what is sent, and what can be read, are two questions
    return "ok"
