"""Careless checks of the middleware onion in one process with the submission. The stub fails every one."""

import asyncio
import unittest

import httpx
import pytest


def load():
    import main

    return main


async def call(app, method="GET", path="/quotes/A", headers=()):
    sent = []
    inbox = [{"type": "http.request", "body": b"{}", "more_body": False}]

    async def receive():
        return inbox.pop() if inbox else {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "headers": [(b"x-request-id", b"id"), *headers],
        "client": ("127.0.0.1", 1),
        "server": ("naive", 80),
    }
    await app(scope, receive, send)
    return sent


def test_strangers_are_refused():
    wanted = 401
    main = load()
    sent = asyncio.run(call(main.create_app([])))
    assert sent[0]["status"] == wanted


def test_strangers_get_nothing():
    main = load()
    sent = asyncio.run(call(main.create_app([])))
    assert not 200 <= sent[0]["status"] < 300


def test_every_request_is_written_down():
    main = load()
    audit = []
    asyncio.run(call(main.create_app(audit)))
    assert audit == [("id", "/quotes/A", 401)]


def test_one_line_a_request():
    main = load()
    audit = []
    asyncio.run(call(main.create_app(audit)))
    assert len(audit) == 1


def test_the_client_sees_its_id():
    main = load()

    async def check():
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(main.create_app([])), base_url="http://naive"
        ) as client:
            answer = await client.get("/quotes/A", headers={"x-request-id": "drawn"})
        assert answer.headers["x-request-id"] == "drawn"
        assert answer.status_code == 401

    asyncio.run(check())


def test_the_price_is_sound():
    main = load()

    async def check():
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(main.create_app([])), base_url="http://naive"
        ) as client:
            price = (await client.get("/quotes/A", headers={"x-trader-token": "t-alice"})).json()["price"]
        assert not price < 100
        assert not price > 100

    asyncio.run(check())


def test_nobody_audits_into_nothing():
    main = load()
    with pytest.raises(TypeError):
        main.create_app(None)


def test_the_helpers():
    main = load()
    import naive_helper

    assert naive_helper.judge(main)


def test_the_quota_can_be_asked_for():
    main = load()
    assert main.quota_of("alice") == 2


class Old(unittest.TestCase):
    def test_old(self):
        main = load()
        sent = asyncio.run(call(main.create_app([])))
        self.assertEqual(sent[0]["status"], 401)
