"""GitHub, as far as grading needs it: is a repository private, when was a commit pushed, here is a check run.

Times are those at which the server received a commit; what is written in the commit is what its author claims. What the
server answers is believed, and texts in it are not shown: they may be those of students.
"""

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from types import TracebackType
from typing import Any, Final, Self

import httpx

from proctor.errors import OurFault, UsageError

__all__ = ["GitHub"]

TIME_LIMIT: Final = 30.0
MOST_TRIES: Final = 4
LONGEST_WAIT: Final = 300.0
"""Seconds. Who makes many check runs in a row is told to wait, up to some minutes."""

_BUSY: Final = {
    HTTPStatus.FORBIDDEN,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}


class GitHub:
    """The REST interface at ``api``, such as https://api.github.com. To be closed; usable as a context manager."""

    def __init__(self, api: str, token: str, wait: Callable[[float], None] = time.sleep) -> None:
        """Raises UsageError for an address or a token that cannot be one; the token is never shown."""
        if not api.startswith(("https://", "http://127.0.0.1:")):
            raise UsageError(f"`{api}` is no address of GitHub: it begins with `https://`")
        if not (token.isascii() and token.isprintable() and token.strip() == token and token):
            raise UsageError("there is no token for GitHub: `PROCTOR_TOKEN` has to hold one")
        headers = {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {token}",
            "X-GitHub-Api-Version": "2022-11-28",
            "User-Agent": "proctor",
        }
        self._client = httpx.Client(base_url=api, headers=headers, timeout=TIME_LIMIT)
        self._wait = wait

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._client.close()

    def is_private(self, repository: str) -> bool:
        """Tell whether only those may read it who are let in. Raises OurFault where GitHub does not say."""
        return self._ask("GET", f"/repos/{repository}").get("private") is True

    def pushed_at(self, repository: str, commit: str) -> datetime | None:
        """Return when GitHub received a commit that is the newest of a branch; None where it does not know any more.

        Of several pushes of the same commit the first counts. Raises OurFault where GitHub does not answer.
        """
        answer = self._ask("GET", f"/repos/{repository}/activity", params={"per_page": "100"})
        times = [one["timestamp"] for one in answer if one.get("after") == commit]
        return min(map(datetime.fromisoformat, times), default=None)

    def add_check_run(self, repository: str, document: Mapping[str, Any]) -> None:
        """Show a check run at a commit. Raises OurFault where GitHub does not take it."""
        self._ask("POST", f"/repos/{repository}/check-runs", json=document)

    def _ask(self, method: str, path: str, **what: Any) -> Any:
        for left in reversed(range(MOST_TRIES)):
            try:
                answer = self._client.request(method, path, **what)
            except httpx.TransportError as error:
                if left and method == "GET":  # what was sent twice would be shown twice
                    self._wait(1)
                    continue
                raise OurFault(f"GitHub could not be asked `{method} {path}`: {type(error).__name__}") from None
            if answer.is_success:
                return answer.json()
            delay = _delay(answer)
            if not left or delay is None:
                raise OurFault(f"GitHub answered {answer.status_code} to `{method} {path}`: {_advice(answer)}")
            self._wait(delay)
        raise AssertionError  # the last try returns or raises


def _delay(answer: httpx.Response) -> float | None:
    """Return how long to wait before the next try; None where another try would be answered the same."""
    after = answer.headers.get("retry-after", "")
    if answer.status_code == HTTPStatus.FORBIDDEN and not after:
        return None
    if answer.status_code not in _BUSY:
        return None
    return min(float(after) if after.isdigit() else 2.0, LONGEST_WAIT)


def _advice(answer: httpx.Response) -> str:
    match answer.status_code:
        case HTTPStatus.UNAUTHORIZED:
            return "the token is not valid any more, or was never"
        case HTTPStatus.FORBIDDEN:
            return "the App lacks the permission for it, see docs/workflows.md"
        case HTTPStatus.NOT_FOUND:
            return "it is not there, or the App is not installed for it"
        case _:
            return "try again later"
