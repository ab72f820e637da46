"""Every exercise can be tried by hand: its stand-ins work, its curl lines do what they say, and a save is served."""

import asyncio
import importlib
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send
from tests.django_settings import forget_django
from uvicorn import Config
from uvicorn.lifespan.on import LifespanOn

from proctor.catalog import Exercise, load_course
from proctor.errors import UsageError
from proctor.learner.serve import PORT, import_path, instructions, serve

ROOT = Path(__file__).parents[2]
EXERCISES = list(load_course(ROOT))
SHOWN = load_course(ROOT).exercise("cors-desk")
BASE = f"http://localhost:{PORT}"
GENEROUS = 120
"""Seconds after which a server that should have done something has hung."""

every_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.slug)

PROGRAM = """
import sys
from pathlib import Path
from proctor.catalog import load_exercise
from proctor.learner import serve

root, slug, patience = sys.argv[1:]
serve.PATIENCE = float(patience)
sys.exit(serve.serve(load_exercise(Path(root), slug), port=0))
"""


@dataclass(frozen=True)
class Trial:
    """A curl line, and the sentence above it, which names the status unless all is well."""

    sentence: str
    request: httpx.Request

    def allows(self, status: int) -> bool:
        named = [int(number) for number in re.findall(r"\b[1-5]\d\d\b", self.sentence)]
        return status in named if named else status < 400


def trials(exercise: Exercise) -> list[Trial]:
    """Read what the docstring of ``serve.py`` has to try."""
    found: list[Trial] = []
    sentence = ""
    script = (exercise.folder / "serve.py").read_text(encoding="utf-8")
    for line in instructions(script, PORT).replace("\\\n", " ").splitlines():
        if line.startswith(" "):
            found.append(Trial(sentence, to_request(line)))
        else:
            sentence = line
    return found


def to_request(command: str) -> httpx.Request:
    """Return what curl would send. Fails on everything that is not known here."""
    program, *words = shlex.split(command)
    assert program == "curl"
    addresses: list[str] = []
    headers: list[tuple[str, str]] = []
    method, body = "", None
    rest = iter(words)
    for word in rest:
        match word:
            case "-i" | "-N":
                pass  # these are about what curl shows
            case "-X":
                method = next(rest)
            case "-H":
                name, colon, value = next(rest).partition(":")
                assert colon
                headers.append((name, value.strip()))
            case "-d":
                body = next(rest)
            case _:
                assert not word.startswith("-"), f"unknown option {word}"
                addresses.append(word)
    assert len(addresses) == 1
    assert addresses[0].startswith(f"localhost:{PORT}/")
    if body is not None:
        assert ("Content-Type", "application/json") in headers  # or curl would send a form
        json.loads(body)
    return httpx.Request(
        method or ("GET" if body is None else "POST"), f"http://{addresses[0]}", headers=headers, content=body
    )


Load = Callable[[Sequence[Path]], ASGIApp]


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Generator[Load]:
    """Import ``serve`` as the server does, from the given folders, and leave nothing of it."""
    names = ("serve", "main", "desk")
    for name in names:
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    def load(folders: Sequence[Path]) -> ASGIApp:
        monkeypatch.setattr(sys, "path", [*map(os.fspath, folders), *sys.path])
        return importlib.import_module("serve").app

    yield load
    for name in names:
        sys.modules.pop(name, None)
    forget_django()


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have stand-ins that take their time take none."""
    wait = asyncio.sleep

    async def wait_briefly(_seconds: float) -> None:
        await wait(0)

    def take_no_time(_seconds: float) -> None:
        pass

    monkeypatch.setattr(asyncio, "sleep", wait_briefly)
    monkeypatch.setattr(time, "sleep", take_no_time)


async def answers(app: ASGIApp, requests: Sequence[httpx.Request]) -> list[httpx.Response]:
    """Start an application, send requests one after another, and stop it."""
    config = Config(app, lifespan="on", log_config=None)
    config.load()
    lifespan = LifespanOn(config)
    await lifespan.startup()
    assert not lifespan.should_exit

    async def with_state(scope: Scope, receive: Receive, send: Send) -> None:
        """Hand every request what the lifespan has left, as a server does."""
        await app({**scope, "state": dict(lifespan.state)}, receive, send)

    try:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(with_state, raise_app_exceptions=False)) as client:
            return [await client.send(request) for request in requests]
    finally:
        await lifespan.shutdown()
        assert not lifespan.should_exit


@every_exercise
def test_the_docstring_says_what_to_try(exercise: Exercise) -> None:
    said = instructions((exercise.folder / "serve.py").read_text(encoding="utf-8"), PORT)
    assert re.match(r"(A stand-in|Stand-ins) for .+, to try this exercise by hand[.:]", said)
    assert 2 <= len(trials(exercise)) <= 6


@every_exercise
@pytest.mark.usefixtures("hurried")
async def test_each_curl_line_does_with_the_reference_what_its_sentence_says(
    exercise: Exercise, load: Load, capsys: pytest.CaptureFixture[str]
) -> None:
    tried = trials(exercise)
    responses = await answers(load(import_path(exercise, solution=True)), [trial.request for trial in tried])
    seen = [(trial, response.status_code) for trial, response in zip(tried, responses, strict=True)]
    assert [one for one in seen if not one[0].allows(one[1])] == []
    assert capsys.readouterr().out  # the terminal shows what the stand-ins do


@every_exercise
@pytest.mark.usefixtures("hurried")
async def test_docs_are_there_with_the_reference_or_a_curl_line_says_how_to_get_them(
    exercise: Exercise, load: Load
) -> None:
    docs = httpx.Request("GET", f"{BASE}/docs")
    ways = [docs, *(trial.request for trial in trials(exercise) if trial.request.url == docs.url)]
    responses = await answers(load(import_path(exercise, solution=True)), ways)
    assert "swagger" in responses[-1].raise_for_status().text


@every_exercise
@pytest.mark.usefixtures("hurried")
async def test_the_untouched_stub_starts_and_answers(exercise: Exercise, load: Load) -> None:
    requests = [trial.request for trial in trials(exercise)]
    docs, *_ = await answers(load([exercise.stub, exercise.folder]), [httpx.Request("GET", f"{BASE}/docs"), *requests])
    assert docs.status_code == 200


@contextmanager
def running(exercise: Exercise, patience: float = GENEROUS) -> Generator["Run"]:
    """Serve an exercise in a process of its own; end all of it, whatever happens."""
    command = [sys.executable, "-P", "-c", PROGRAM, str(exercise.root), exercise.slug, str(patience)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )

    def end() -> None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)

    guard = threading.Timer(GENEROUS, end)
    guard.start()
    try:
        run = Run(process)
        run.read_until("stop     Ctrl-C")
        yield run
    finally:
        guard.cancel()
        end()
        process.communicate()


class Run:
    """A server that runs, and what it has printed so far."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.printed = ""

    @property
    def address(self) -> str:
        """Where it is served, as it has printed that."""
        found = re.search(r"http://(localhost:\d+)\n", self.printed)
        assert found
        return found[1]

    def read_until(self, text: str) -> None:
        """Wait until something is printed."""
        assert self.process.stdout is not None
        before = len(self.printed)
        while text not in self.printed[before:]:
            line = self.process.stdout.readline()
            assert line, f"it ended without {text!r}:\n{self.printed}"
            self.printed += line

    def get(self, path: str) -> Any:
        """Return what is answered, or None from a server that is just being replaced."""
        with httpx.Client(base_url=f"http://{self.address}", trust_env=False, timeout=GENEROUS) as client:
            try:
                return client.get(path).raise_for_status().json()
            except httpx.TransportError:
                return None

    def get_until(self, path: str, expected: object) -> None:
        """Ask until the answer is the expected one."""
        while self.get(path) != expected:
            assert self.process.poll() is None, self.printed

    def interrupt(self) -> int:
        """Press Ctrl-C, and return the exit code once nothing is left of it."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        assert children
        os.kill(self.process.pid, signal.SIGINT)
        assert self.process.stdout is not None
        self.printed += self.process.stdout.read()
        assert psutil.wait_procs(children, GENEROUS)[1] == []
        return self.process.wait(GENEROUS)


@pytest.fixture
def copy(tmp_path: Path) -> Exercise:
    """An exercise in a course of its own, whose files may be changed."""
    folder = tmp_path / "exercises" / SHOWN.slug
    shutil.copytree(SHOWN.folder, folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(SHOWN.stub / "main.py", folder / "main.py")
    return replace(SHOWN, root=tmp_path)


def test_a_save_is_served_and_a_broken_file_ends_nothing(copy: Exercise) -> None:
    main = copy.folder / "main.py"
    text = main.read_text(encoding="utf-8")
    with running(copy) as run:
        run.read_until(f"    curl -i {run.address}/quotes -H Origin:https://desk.example\n")
        run.get_until("/quotes", {"AAPL": "101.50", "MSFT": "402.10"})
        main.write_text(text.replace("101.50", "99.00"), encoding="utf-8")
        run.get_until("/quotes", {"AAPL": "99.00", "MSFT": "402.10"})
        main.write_text(text.replace("def create_app()", "def create_app("), encoding="utf-8")
        run.read_until("SyntaxError")
        assert run.process.poll() is None
        main.write_text(text.replace("101.50", "7.00"), encoding="utf-8")
        run.get_until("/quotes", {"AAPL": "7.00", "MSFT": "402.10"})
        assert run.interrupt() == 0
    assert [path for path in copy.root.rglob("*") if path.name == "__pycache__" or path.suffix == ".pyc"] == []


def test_an_endless_loop_does_not_outlive_its_server(copy: Exercise) -> None:
    main = copy.folder / "main.py"
    main.write_text("print('it begins')\nwhile True:\n    pass\n", encoding="utf-8")
    with running(copy, patience=0.1) as run:
        run.read_until("it begins")
        assert run.interrupt() == 0
    assert "was killed" in run.printed


def test_a_port_that_is_taken_is_refused_before_anything_starts(copy: Exercise) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"port {port} cannot be had .* `nox -s serve -- cors-desk --port 0`"):
            serve(copy, port=port)


def test_missing_stand_ins_are_named_with_the_way_to_get_them_back(copy: Exercise) -> None:
    (copy.folder / "serve.py").unlink()
    with pytest.raises(UsageError, match=r"cors-desk/serve\.py` .* `git checkout -- exercises/cors-desk/serve\.py`"):
        serve(copy, port=0)


def test_a_missing_reference_is_named(copy: Exercise) -> None:
    with pytest.raises(UsageError, match=r"no reference at `.*solutions/cors-desk/main\.py`: leave out `--solution`"):
        serve(copy, port=0, solution=True)


def test_stand_ins_that_cannot_be_read_say_nothing_and_are_left_to_the_server() -> None:
    assert instructions("def (:", PORT) == ""
