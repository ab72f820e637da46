"""Upstreams that report to the grader. Runs beside the submission: it passes on, and judges nothing."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Upstream = Callable[[Scope, Receive, Send], Awaitable[None]]
Answer = tuple[int, list[tuple[bytes, bytes]], list[bytes]]

REPORTED = ("method", "path", "raw_path", "query_string")


def upstream(
    called: Callable[[object], object],
    read: Callable[[bytes], object],
    answer: Callable[[dict[str, Any], bytes], Awaitable[Answer]],
    begin_part: Callable[[int], Awaitable[object]],
) -> Upstream:
    """Return an upstream that reads a request part by part, and has the grader decide what becomes of it.

    Args:
        called: Is told the path of every request.
        read: Is told every part of the body as it is read.
        answer: Is told the request, and answers with status, headers and the parts of the body, or raises.
        begin_part: Is told the number of each part before the part is sent; when it raises, the upstream does.
    """

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        called(scope["path"])
        body, is_complete = b"", False
        while not is_complete:
            message = await receive()
            part = message.get("body", b"")
            read(part)
            body += part
            is_complete = not message.get("more_body", False)
        request = {name: scope.get(name) for name in REPORTED} | {"headers": [list(pair) for pair in scope["headers"]]}
        status, headers, parts = await answer(request, body)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        for number, part in enumerate(parts, start=1):
            await begin_part(number)
            more = {"more_body": True} if number < len(parts) else {}
            await send({"type": "http.response.body", "body": part, **more})

    return application


def listed(*upstreams: Upstream) -> list[Upstream]:
    """Return the upstreams in a list, so that two proxies are given the same one."""
    return list(upstreams)


def hosts(names: list[str]) -> set[str]:
    """Return the names as a set."""
    return set(names)
