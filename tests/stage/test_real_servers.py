"""Real servers beside a submission: they answer, they are ended, and one that cannot start is told at once."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import pytest
import pytest_asyncio

from proctor.checks.stage import Stage
from proctor.checks.theatre import Theatre
from proctor.isolation.layers import Profile
from proctor.isolation.protection import Isolation, choose

PROPS = '''
import os
import subprocess
from pathlib import Path

from proctor.isolation.server_programs import ServerProgram, find_server_program
from proctor.stage.real_servers import Server, ask, free_port, listening_socket

NGINX = """
worker_processes 1;
pid {work}/pid;
error_log {work}/errors;
events {{}}
http {{
    access_log off;
    client_body_temp_path {work}/body;
    proxy_temp_path {work}/proxy;
    fastcgi_temp_path {work}/fastcgi;
    uwsgi_temp_path {work}/uwsgi;
    scgi_temp_path {work}/scgi;
    server {{ listen 127.0.0.1:{port}; location / {{ return 200 "$remote_addr asks for $request_uri"; }} }}
}}
"""

def served(arguments, *requests):
    listener = listening_socket()
    port = listener.getsockname()[1]
    server = Server.start(arguments, listener=listener, environment={"GREETING": "hello"})
    answers = [ask(port, *request[:2], body=request[2]) for request in requests]
    said = server.end()
    return {"answers": answers, "said": said, "after": ask(port, "GET", "/")}

def behind_nginx():
    work = Path(os.environ["TMPDIR"]) / "nginx"
    work.mkdir()
    port = free_port()
    (work / "conf").write_text(NGINX.format(work=work, port=port))
    nginx = find_server_program(ServerProgram.NGINX)
    subprocess.run([nginx, "-e", "stderr", "-p", work, "-c", work / "conf"], check=True)
    return ask(port, "GET", "/desk?x=1", come_from="127.0.0.2")
'''

SUBMISSION = b"""
import os

async def app(scope, receive, send):
    assert scope["type"] == "http"
    body = (await receive())["body"]
    await send({"type": "http.response.start", "status": 201, "headers": [(b"x-method", scope["method"].encode())]})
    await send({"type": "http.response.body", "body": os.environ["GREETING"].encode() + b" " + body})

def wsgi(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["PATH_INFO"].encode()]
"""

UVICORN = ["uvicorn", "main:app", "--fd", "{fd}"]
GUNICORN = ["gunicorn", "main:wsgi", "--bind", "fd://{fd}", "--threads", "2"]

Perform = Callable[..., Awaitable[Any]]


@pytest.fixture(scope="module")
def theatre() -> Iterator[Theatre]:
    """Return what all stages of these tests come from: the whole sandbox."""
    with Theatre(choose(Isolation.STRICT)) as one:
        yield one


@pytest_asyncio.fixture
async def props(theatre: Theatre) -> AsyncIterator[Perform]:
    """Call a function of the props in a thread of a stage of its own."""
    stage = await Stage.open(theatre, {"main.py": SUBMISSION}, "main.py", props=PROPS.encode(), profile=Profile.SERVERS)

    async def call(name: str, *args: object) -> Any:
        return await stage.begin(name, *args, on="props", in_thread=True)

    yield call
    stage.close()


@pytest.mark.parametrize("workers", [[], ["--workers", "2"]])
async def test_uvicorn_answers_what_is_asked_before_it_is_ready_and_ends(workers: list[str], props: Perform) -> None:
    played = await props("served", [*UVICORN, *workers], ["PUT", "/", b"desk"])
    (answer,) = played["answers"]
    assert (answer["status"], answer["body"]) == (201, b"hello desk")
    assert ["x-method", "PUT"] in answer["headers"]
    assert "Finished server process" in played["said"]
    assert played["after"]["problem"].startswith("ConnectionRefusedError")


async def test_gunicorn_answers_and_ends(props: Perform) -> None:
    played = await props("served", GUNICORN, ["GET", "/quotes", b""], ["GET", "/orders", b""])
    assert [answer["body"] for answer in played["answers"]] == [b"/quotes", b"/orders"]
    assert "Shutting down: Master" in played["said"]


async def test_nginx_answers_and_sees_who_asks(props: Perform) -> None:
    answer = await props("behind_nginx")
    assert (answer["status"], answer["body"]) == (200, b"127.0.0.2 asks for /desk?x=1")


async def test_a_server_that_cannot_start_refuses_at_once_and_says_why(props: Perform) -> None:
    played = await props("served", ["uvicorn", "main:application", "--fd", "{fd}"], ["GET", "/", b""])
    assert played["answers"][0]["problem"].startswith(("ConnectionRefusedError", "ConnectionResetError"))
    assert 'Attribute "application" not found in module "main"' in played["said"]
