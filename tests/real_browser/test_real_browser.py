"""Our browser against a real one: the same requests, the same servers, the same outcome.

Headless Chromium opens a page that shows frames of three origins. Their scripts ask real uvicorn, on another port, for
everything in `cases.py`; ours asks the same server. What each script could read is compared, and so is what the server
saw of each: whether it was asked first, with which words, and whether the request itself came.
"""

import asyncio
import os
import shutil
import signal
import subprocess
from collections.abc import Generator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from tests.real_browser.cases import Case, all_cases
from tests.real_browser.servers import Seen, Stand, stand

from proctor.checks.browser import Access, fetch
from proctor.checks.cors_protocol import Answer

PATIENCE = 300
"""Seconds until a browser that says nothing is given up."""

QUIET = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Authorization is the one header that a wildcard does not cover (https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name).
    "--enable-features=CorsNonWildcardRequestHeadersSupport",
)
COMPARED = ("origin", "cookie", "access-control-request-method", "access-control-request-headers")
LEAST_CASES = 60


@contextmanager
def chromium(url: str, profile: Path) -> Generator[None]:
    """Keep a page open in a fresh browser; it and everything that it has started ends with the block."""
    executable = shutil.which("chromium")
    if executable is None:
        pytest.fail("chromium is not installed, with which our browser is compared: `apt install chromium`")
    sandbox = () if os.geteuid() else ("--no-sandbox",)  # it refuses to be root otherwise
    command = [executable, *QUIET, *sandbox, f"--user-data-dir={profile}", url]
    said = (profile.parent / "chromium.log").open("w")
    browser = subprocess.Popen(command, stdout=said, stderr=said, start_new_session=True)
    try:
        yield
    finally:
        os.killpg(browser.pid, signal.SIGKILL)
        browser.wait()
        said.close()


def what_chromium_did(there: Stand, profile: Path) -> dict[int, dict[str, Any]]:
    """Return, by case, what scripts in Chromium got."""
    desk, other = there.pages
    with chromium(f"{desk}/?other={other}", profile):
        try:
            results = there.reports.get(timeout=PATIENCE)
        except Empty:
            pytest.fail(f"Chromium has reported nothing: {(profile.parent / 'chromium.log').read_text()[-2000:]}")
    return {result["number"]: result for result in results}


def over_the_network(api: str, method: str, path: str, headers: list[tuple[str, str]], body: bytes) -> Answer:
    """Send a request as it is: clients that know better would write the method in capitals."""
    connection = HTTPConnection(api.removeprefix("http://"))
    connection.putrequest(method, path, skip_accept_encoding=True)
    for name, value in headers:
        connection.putheader(name, value)
    if body:
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body)
    with closing(connection), connection.getresponse() as answer:
        return Answer(answer.status, answer.getheaders(), answer.read())


async def what_ours_does(there: Stand, case: Case) -> Access:
    """Do the same as Chromium did, with a cookie that only pages with a site of their own have."""

    async def send(method: str, headers: list[tuple[str, str]], body: bytes) -> Answer:
        return await asyncio.to_thread(over_the_network, there.api, method, f"/ours/{case.number}", headers, body)

    return await fetch(case.request, send, cookie="" if case.origin == "null" else "session=7")


def on_the_wire(requests: list[Seen]) -> list[tuple[str, dict[str, str]]]:
    """Return what matters of the requests that the server saw."""
    return [(method, {name: headers[name] for name in COMPARED if name in headers}) for method, headers in requests]


def in_words(access: Access) -> dict[str, Any]:
    """Return what a script got from our browser, as the page reports it."""
    if not access.readable:
        return {"readable": False}
    return {
        "readable": True,
        "status": access.status,
        "headers": sorted(access.visible_headers.items()),
        "content": access.content.decode(),
    }


def in_the_same_words(result: dict[str, Any]) -> dict[str, Any]:
    """Return what a script got from Chromium, without the number, headers sorted."""
    told = {name: value for name, value in result.items() if name != "number"}
    return {**told, "headers": sorted((name, value) for name, value in told["headers"])} if told["readable"] else told


async def test_ours_does_what_chromium_does(tmp_path: Path) -> None:
    with stand() as there:
        there.log.cases = cases = all_cases(there.origins)
        chromiums = what_chromium_did(there, tmp_path / "profile")
        differences: list[str] = []
        for case in cases:
            access = await what_ours_does(there, case)
            theirs = in_the_same_words(chromiums[case.number])
            wires = [on_the_wire(there.log.seen.get((who, case.number), [])) for who in ("ours", "browser")]
            if in_words(access) != theirs or wires[0] != wires[1]:
                differences.append(f"{case}\n  ours: {access}, {wires[0]}\n  real: {theirs}, {wires[1]}")
    assert len(cases) == len(chromiums) >= LEAST_CASES
    print(f"{len(cases)} combinations, {len(differences)} differences")
    assert differences == [], f"{len(differences)} of {len(cases)} combinations\n" + "\n".join(differences)
