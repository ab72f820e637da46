"""Builds applications in the stage, uses the learner's work on them, and tells what happened.

Every function of part B runs one scenario with the learner's ``overriding`` and returns what was seen, step by step.
"""

import json
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import lru_cache
from types import FunctionType
from typing import Annotated, Any, TypeAlias, cast

import desk
from fastapi import Depends, FastAPI

Facts: TypeAlias = dict[str, Any]
Overriding: TypeAlias = Callable[[FastAPI, dict[Any, Any]], AbstractContextManager[Any]]

NAMED: tuple[type, ...] = (FunctionType, type, type(lru_cache(int)))
"""What knows where it was defined."""


# Part A


def install(fakes: object) -> Facts:
    """Put all entries into the tables of the desk, and name them; what is no entry is left out."""
    for application in (desk.app, desk.market):
        application.dependency_overrides = {}
    if not isinstance(fakes, list | tuple):
        return {"entries": [], "malformed": [f"FAKES is of type {type(fakes).__name__}, not a list"]}
    entries: list[tuple[str, str]] = []
    malformed: list[str] = []
    for number, entry in enumerate(cast("Sequence[object]", fakes)):
        parts = cast("Sequence[object]", entry) if isinstance(entry, list | tuple) else ()
        if len(parts) != 3:
            malformed.append(f"FAKES[{number}] is no tuple of three")
            continue
        application, key, replacement = parts
        if not isinstance(application, FastAPI):
            malformed.append(f"FAKES[{number}] begins with an object of type {type(application).__name__}")
            continue
        try:
            application.dependency_overrides[cast("Any", key)] = cast("Any", replacement)
        except TypeError as error:
            malformed.append(f"FAKES[{number}] has a key that cannot stand in a dict ({error})")
        else:
            entries.append((_name(application), _name(key)))
    return {"entries": entries, "malformed": malformed}


def desk_app() -> FastAPI:
    """Return the desk."""
    return desk.app


def _name(value: object) -> str:
    """Name an object as somebody would who looks for it in ``desk.py``."""
    if isinstance(value, str):
        return f"the text {value!r}"
    known = next((f"desk.{name}" for name, one in vars(desk).items() if one is value), "")
    if not isinstance(value, NAMED):
        return known or f"an object of type {type(value).__name__}"
    definition: Any = value
    own = f"{definition.__module__}.{definition.__qualname__}"
    if definition.__module__ != desk.__name__:
        return own
    return known or f"another {type(value).__name__} named {own}"


# Part B


class Plain:
    """An object that cannot be called."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return f"the plain object {self.text}"


class Venue(Plain):
    """A class with a parameter that a request can fill."""

    def __init__(self, venue: str) -> None:
        super().__init__(f"class at {venue}")


class Caller:
    """A class whose objects can be called."""

    def __call__(self, venue: str) -> str:
        """Answer with the venue."""
        return f"object at {venue}"


def _spell(value: object) -> str:
    """Say what a route got, in the same words in every run."""
    match value:
        case str():
            return value
        case Plain():
            return value.text
        case type():
            return f"the class {value.__name__} itself"
        case _:
            return "None" if value is None else f"an object of type {type(value).__name__}"


class Ground:
    """An application with three dependencies, one of which depends on another; it answers with what it got."""

    def __init__(self, real: str) -> None:
        self.app = FastAPI()
        self.got: object = None

        async def feed() -> object:
            return real

        async def settings() -> object:
            return real

        async def service(feed: Annotated[object, Depends(feed)]) -> object:
            return f"service with {_spell(feed)}"

        @self.app.get("/")
        async def show(  # pyright: ignore[reportUnusedFunction]
            feed: Annotated[object, Depends(feed)],
            settings: Annotated[object, Depends(settings)],
            service: Annotated[object, Depends(service)],
        ) -> dict[str, str]:
            self.got = feed
            return {"feed": _spell(feed), "settings": _spell(settings), "service": _spell(service)}

        self.feed, self.settings = feed, settings

    async def ask(self, query: str = "") -> Facts:
        """Send ``GET /`` and tell what came of it."""
        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": "/",
            "raw_path": b"/",
            "query_string": query.encode(),
            "root_path": "",
            "headers": [],
        }
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        try:
            await self.app(scope, receive, send)
        except Exception as error:  # noqa: BLE001 - whatever the application raises is a fact to report
            return {"raised": error}
        content = b"".join(message.get("body", b"") for message in sent[1:])
        return {"status": sent[0]["status"], "json": json.loads(content)}

    def table(self) -> list[str]:
        """Name the keys that are overridden now."""
        names: dict[object, str] = {self.feed: "feed", self.settings: "settings"}
        return sorted(names.get(key, "something else") for key in self.app.dependency_overrides)


class Outcome(BaseException):
    """What a test runner raises to end a test; like those of pytest, it is no Exception."""


def _fake(value: str) -> Callable[[], str]:
    def fake() -> str:
        return value

    return fake


def _fail(error: BaseException) -> None:
    raise error


async def plain(overriding: Overriding, real: str, feed: str, settings: str) -> Facts:
    """Override two dependencies by plain objects, and then one of them by None."""
    ground, thing = Ground(real), Plain(feed)
    with overriding(ground.app, {ground.feed: thing, ground.settings: settings}):
        inside = await ground.ask()
    is_same = ground.got is thing
    after = await ground.ask()
    with overriding(ground.app, {ground.feed: None}):
        none = await ground.ask()
    return {"inside": inside, "is_same": is_same, "after": after, "none": none}


async def exception(overriding: Overriding, real: str, fake: str, *, is_ordinary: bool) -> Facts:
    """Raise in the block."""
    ground, is_same = Ground(real), False
    error = LookupError(fake) if is_ordinary else Outcome(fake)
    inside = None
    try:
        with overriding(ground.app, {ground.feed: _fake(fake)}):
            inside = await ground.ask()
            _fail(error)
    except BaseException as caught:
        if caught is not error:
            raise
        is_same = True
    return {"inside": inside, "came_out": is_same, "after": await ground.ask(), "table": ground.table()}


async def nested(overriding: Overriding, real: str, outer: str, inner: str) -> Facts:
    """Override one dependency, and within that the same one again together with another."""
    ground = Ground(real)
    with overriding(ground.app, {ground.feed: _fake(outer)}):
        before = await ground.ask()
        with overriding(ground.app, {ground.feed: _fake(inner), ground.settings: _fake(inner)}):
            inside = await ground.ask()
        between = await ground.ask()
    return {
        "before": before,
        "inside": inside,
        "between": between,
        "after": await ground.ask(),
        "table": ground.table(),
    }


async def foreign(overriding: Overriding, real: str, theirs: str, mine: str) -> Facts:
    """Override one dependency where somebody else has overridden another and holds on to the table."""
    ground = Ground(real)
    table = ground.app.dependency_overrides
    table[ground.settings] = _fake(theirs)
    with overriding(ground.app, {ground.feed: _fake(mine)}):
        inside = await ground.ask()
    after = await ground.ask()
    is_same = ground.app.dependency_overrides is table
    return {"inside": inside, "after": after, "table": ground.table(), "is_same": is_same}


async def parameters(overriding: Overriding, real: str, venue: str) -> Facts:
    """Override by a function, a class and a callable object that ask for a query parameter."""
    ground = Ground(real)

    def function(venue: str) -> str:
        return f"function at {venue}"

    replacements: dict[str, object] = {"function": function, "class": Venue, "object": Caller()}
    facts: Facts = {}
    for name, replacement in replacements.items():
        with overriding(ground.app, {ground.feed: replacement}):
            facts[name] = await ground.ask(f"venue={venue}")
    return facts


async def kinds(overriding: Overriding, real: str, fake: str) -> Facts:
    """Override by a coroutine function, a generator function and an asynchronous one; tell which came to their end."""
    ground = Ground(real)
    ended: list[str] = []

    async def coroutine() -> str:
        return f"{fake} of async def"

    def generator() -> Iterator[str]:
        yield f"{fake} of yield"
        ended.append("yield")

    async def async_generator() -> AsyncIterator[str]:
        yield f"{fake} of async yield"
        ended.append("async yield")

    replacements: dict[str, object] = {"async def": coroutine, "yield": generator, "async yield": async_generator}
    answers: Facts = {}
    for name, replacement in replacements.items():
        with overriding(ground.app, {ground.feed: replacement}):
            answers[name] = await ground.ask()
    return {"answers": answers, "ended": ended}
