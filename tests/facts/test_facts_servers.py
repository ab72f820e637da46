"""Servers, as they are: real processes of Uvicorn and Gunicorn, and a real Nginx, on loopback."""

import os
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.nginx import running_nginx

from proctor.stage.real_servers import LOOPBACK, Server, ask, free_port, listening_socket

WHO = """
    from fastapi import FastAPI, Request

    app = FastAPI()

    @app.get("/who")
    async def who(request: Request) -> dict[str, str]:
        return {"client": request.client.host, "scheme": request.url.scheme, "path": request.scope["path"]}
"""

FORWARDED = [("X-Forwarded-For", "9.9.9.9, 203.0.113.7"), ("X-Forwarded-Proto", "https")]

Serve = Callable[..., int]


@pytest.fixture
def serve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Write `main.py`, start a server in its folder, and return the port; the servers end with the test."""
    monkeypatch.chdir(tmp_path)
    with ExitStack() as stack:

        def start(source: str, program: str, *arguments: str) -> int:
            (tmp_path / "main.py").write_text(textwrap.dedent(source), encoding="utf-8")
            listener = listening_socket()
            port = int(listener.getsockname()[1])
            bound = ["--fd", "{fd}"] if program == "uvicorn" else ["--bind", "fd://{fd}", "--no-control-socket"]
            server = Server.start([program, *bound, *arguments], listener=listener)
            stack.callback(server.end)
            return port

        yield start


def get(port: int, target: str, *headers: tuple[str, str], come_from: str = LOOPBACK) -> Any:
    """Return the JSON of an answer, or its status where that is no 200."""
    answer = ask(port, "GET", target, headers=headers, come_from=come_from)
    assert "problem" not in answer, answer
    return httpx.Response(200, content=answer["body"]).json() if answer["status"] == 200 else answer["status"]


@pytest.mark.fact("V10", "many-workers")
def test_gunicorn_serves_asgi_by_itself(serve: Serve) -> None:
    """Gunicorn has a worker class `asgi` of its own, which serves FastAPI."""
    port = serve(WHO, "gunicorn", "main:app", "--worker-class", "asgi")
    assert get(port, "/who")["path"] == "/who"


@pytest.mark.fact("V10", "many-workers")
def test_the_workers_of_uvicorn_for_gunicorn_are_deprecated() -> None:
    """Importing `uvicorn.workers` warns that it is deprecated."""
    run = subprocess.run(
        [sys.executable, "-W", "always", "-c", "import uvicorn.workers"], capture_output=True, text=True, check=True
    )
    assert "DeprecationWarning: The `uvicorn.workers` module is deprecated" in run.stderr


@pytest.mark.fact("V11", "nginx-front", "behind-nginx")
def test_a_root_path_is_put_before_the_path(serve: Serve) -> None:
    """Uvicorn's `--root-path /api` puts `/api` before the path: a proxy has to have taken it off."""
    port = serve(WHO, "uvicorn", "main:app", "--root-path", "/api")
    assert get(port, "/who")["path"] == "/api/who"
    assert get(port, "/api/who") == 404


@pytest.mark.fact("V80", "many-workers")
def test_a_worker_of_gunicorn_serves_as_many_requests_as_it_has_threads(serve: Serve) -> None:
    """One worker of `gunicorn --threads 4` has four requests in it at the same time."""
    source = """
        import json
        import threading

        meeting = threading.Barrier(4)

        def app(environ, start_response):
            meeting.wait()
            start_response("200 OK", [("Content-Type", "application/json")])
            return [json.dumps(environ["wsgi.multithread"]).encode()]
    """
    port = serve(source, "gunicorn", "main:app", "--workers", "1", "--threads", "4")
    answers: list[object] = []
    clients = [threading.Thread(target=lambda: answers.append(get(port, "/"))) for _ in range(4)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    assert answers == [True] * 4


@pytest.mark.fact("V80", "many-workers")
def test_a_worker_of_gunicorn_has_one_thread_unless_asked(serve: Serve) -> None:
    """Without `--threads` a worker of Gunicorn tells its application that there is one thread, and many processes."""
    source = """
        import json

        def app(environ, start_response):
            start_response("200 OK", [("Content-Type", "application/json")])
            return [json.dumps([environ["wsgi.multithread"], environ["wsgi.multiprocess"]]).encode()]
    """
    assert get(serve(source, "gunicorn", "main:app", "--workers", "2"), "/") == [False, True]


@pytest.mark.fact("V81", "many-workers")
@pytest.mark.parametrize("preload", [[], ["--preload"]])
def test_every_worker_has_globals_of_its_own(preload: list[str], serve: Serve, tmp_path: Path) -> None:
    """What one worker writes into a global no other worker sees, `--preload` or not."""
    source = """
        import json

        seen = []

        def app(environ, start_response):
            seen.append(environ["PATH_INFO"])
            if environ["PATH_INFO"] == "/held":
                open("entered", "w").close()
                open("released").close()
            start_response("200 OK", [("Content-Type", "application/json")])
            return [json.dumps(seen).encode()]
    """
    for name in ("entered", "released"):
        os.mkfifo(tmp_path / name)
    port = serve(source, "gunicorn", "main:app", "--workers", "2", *preload)
    answers: list[object] = []
    held = threading.Thread(target=lambda: answers.append(get(port, "/held")))
    held.start()
    (tmp_path / "entered").read_bytes()  # one worker is busy from here on, so the other one answers
    assert get(port, "/free") == ["/free"]
    (tmp_path / "released").write_bytes(b"")
    held.join()
    assert answers == [["/held"]]


@pytest.mark.fact("V82", "behind-nginx", "nginx-front")
def test_uvicorn_believes_its_own_machine_and_nobody_else(serve: Serve) -> None:
    """Unless told otherwise Uvicorn believes forwarded headers from 127.0.0.1, and takes the address on the right."""
    port = serve(WHO, "uvicorn", "main:app")
    assert get(port, "/who", *FORWARDED) == {"client": "203.0.113.7", "scheme": "https", "path": "/who"}
    assert get(port, "/who", *FORWARDED, come_from="127.0.0.2")["client"] == "127.0.0.2"


@pytest.mark.fact("V82", "behind-nginx", "nginx-front")
def test_who_trusts_everybody_takes_what_anybody_can_write(serve: Serve) -> None:
    """With `--forwarded-allow-ips "*"` Uvicorn takes the address on the left, which anybody can write."""
    port = serve(WHO, "uvicorn", "main:app", "--forwarded-allow-ips", "*")
    assert get(port, "/who", *FORWARDED, come_from="127.0.0.2")["client"] == "9.9.9.9"


@pytest.mark.fact("V83", "many-workers")
def test_several_workers_need_an_import_string(tmp_path: Path) -> None:
    """`uvicorn.run(app, workers=2)` serves nothing and exits with 3: several workers need `"module:app"`."""
    script = tmp_path / "main.py"
    script.write_text("import uvicorn\nasync def app(*_): ...\nuvicorn.run(app, workers=2)\n", encoding="utf-8")
    run = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
    assert run.returncode == 3
    assert "You must pass the application as an import string" in run.stderr


@pytest.mark.fact("V84", "nginx-front")
def test_a_slash_behind_proxy_pass_takes_the_prefix_off(serve: Serve, tmp_path: Path) -> None:
    """`proxy_pass http://up/` takes the prefix of the location off, `proxy_pass http://up` leaves it on."""
    source = """
        def app(environ, start_response):
            start_response("200 OK", [("Content-Type", "text/plain")])
            return [b'"' + environ["PATH_INFO"].encode() + b'"']
    """
    up, port = serve(source, "gunicorn", "main:app"), free_port()
    server = f"""
        server {{
            listen {LOOPBACK}:{port};
            location /off/ {{ proxy_pass http://{LOOPBACK}:{up}/; }}
            location /on/ {{ proxy_pass http://{LOOPBACK}:{up}; }}
        }}
    """
    with running_nginx(tmp_path, server):
        assert (get(port, "/off/quotes"), get(port, "/on/quotes")) == ("/quotes", "/on/quotes")
