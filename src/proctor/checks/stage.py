"""The stage as a check sees it: loads the submission, calls it, and makes what it is handed."""

from collections.abc import Mapping, Sequence
from textwrap import indent
from typing import Any, Final, Protocol, TypeVar

from proctor.checks.application import Application
from proctor.checks.channel import Channel
from proctor.checks.collaborators import Call, Collaborator, Described, Generated
from proctor.checks.exchange import Exchange
from proctor.checks.handles import Handle, Running
from proctor.checks.output import Output
from proctor.checks.theatre import Theatre
from proctor.checks.waiting import WaitingStage
from proctor.checks.wsgi import WsgiApplication, WsgiExchange
from proctor.errors import Mismatch, Never, StageEnded, StageLost, Stuck, Unreadable
from proctor.hostile_text import neutral
from proctor.isolation.launcher import Piece, Seat
from proctor.isolation.layers import Profile
from proctor.wording import spell

__all__ = ["Stage", "StageFactory"]

PRINTED_AT_IMPORT: Final = 2000
"""Characters shown of what a submission prints that cannot be loaded."""

Kind = TypeVar("Kind", bound=Exchange)


class Stage(WaitingStage):
    """One submission on its stage."""

    def __init__(self, theatre: Theatre, seat: Seat, file: str) -> None:
        super().__init__(theatre, seat, file)
        self._output = Output(seat.output)

    # Opening and closing

    @classmethod
    async def open(
        cls,
        theatre: Theatre,
        files: Mapping[str, bytes],
        file: str,
        *,
        props: bytes | None = None,
        interface: Sequence[str] = (),
        profile: Profile = Profile.PLAIN,
        preload: Sequence[str] = (),
        anew: bool = False,
    ) -> "Stage":
        """Have a stage with a copy of ``files``, from which ``file`` is loaded.

        ``anew`` keeps it from sharing what loading drew or noted (an identifier, a time) with the stages before it.

        Raises Unreadable when it cannot be loaded or does not define a name of ``interface``, StageLost when there is
        no stage to be had.
        """
        piece = Piece(files, file.removesuffix(".py"), props, tuple(preload))
        stage = cls(theatre, theatre.seat(piece, profile, anew=anew), file)
        stage._channel = await Channel.open(stage._seat.channel, stage._hear)
        stage._output.open()
        try:
            await stage._load(interface)
        except Unreadable as error:
            stage.close()
            is_cut_off = stage._channel.tampered  # in the middle of printing: how far it came is a matter of luck
            printed = "" if is_cut_off else neutral(stage.printed, PRINTED_AT_IMPORT).rstrip()
            raise Unreadable(f"{error}\n  it printed:\n{indent(printed, ' ' * 4)}" if printed else str(error)) from None
        except BaseException:
            stage.close()
            raise
        return stage

    def _is_loaded(self) -> bool:
        return self._names is not None or self._problem is not None

    async def _load(self, interface: Sequence[str]) -> None:
        try:
            await self.until(lambda: self._is_loaded() or self.waits_for_others, f"{self._file} is imported")
        except (Never, Stuck) as error:
            raise Unreadable(f"{self._file} does not come to an end while it is imported: {error}") from None
        except StageEnded as error:
            if "loading" not in self.log:
                said = f"; it said: {self.printed.strip()}" if self.printed else ""
                raise StageLost(f"the stage ended before it began: {self._end().describe()}{said}") from None
            raise Unreadable(f"{self._file} cannot be imported: {error}") from None
        if not self._is_loaded():
            raise Unreadable(
                f"{self._file} does not come to an end while it is imported: "
                "it waits for somebody outside, as a server does that is started at import"
            )
        if self._problem is not None:
            places = "".join(f"\n  {frame}" for frame in self._problem.frames)
            problem = f"{self._problem.kind}: {self._problem.message}"
            raise Unreadable(f"{self._file} cannot be imported: {problem}{places}{self._problem.advice}")
        missing = [name for name in interface if name not in (self._names or ())]
        if missing:
            raise Unreadable(f"{self._file} does not define {', '.join(f'`{name}`' for name in missing)}")

    def close(self) -> None:
        """End the stage with all its processes."""
        self._channel.abort()
        try:
            self._end()
        finally:
            self._output.close()

    @property
    def printed(self) -> str:
        """What the submission has printed so far."""
        return neutral(self._output.text(), Output.LIMIT)

    # Commands

    def begin(
        self,
        name: str,
        /,
        *args: Any,
        on: str = "submission",
        keep: bool = False,
        in_thread: bool = False,
        **kwargs: Any,
    ) -> Running:
        """Call a function of the submission (or of ``props``) and do not wait."""
        return self.perform(on, "call", name, list(args), kwargs, keep=keep, in_thread=in_thread, what=f"{name}()")

    async def call(self, name: str, /, *args: Any, **kwargs: Any) -> Any:
        """Call a function of the submission and return its value; coroutines are awaited."""
        return await self.begin(name, *args, **kwargs)

    async def props(self, name: str, /, *args: Any, **kwargs: Any) -> Any:
        """Call a function of the exercise's props, the trusted module that builds objects JSON cannot carry."""
        return await self.begin(name, *args, on="props", **kwargs)

    async def attribute(self, name: str, *, keep: bool = False) -> Any:
        """Return a module-level name of the submission."""
        return await self.perform("submission", "attribute", name, keep=keep, wait=False, what=f"`{name}`")

    async def app(self, name: str, /, *args: Any, **kwargs: Any) -> Application:
        """Call the submission's factory and return the ASGI application. Raises Mismatch when it is no object."""
        made = await self.call(name, *args, **kwargs)
        if not isinstance(made, Handle):
            raise Mismatch(f"what {name}() returns", "an ASGI application", spell(made))
        return Application(self, made)

    async def wsgi(self, name: str, /, *args: Any, **kwargs: Any) -> WsgiApplication:
        """Call the submission's factory and return the WSGI application. Raises Mismatch when it is no object."""
        made = await self.call(name, *args, **kwargs)
        if not isinstance(made, Handle):
            raise Mismatch(f"what {name}() returns", "a WSGI application", spell(made))
        return WsgiApplication(self, made)

    async def ping(self) -> None:
        """Wait until the event loop answers."""
        await self._ask("ping")

    async def held_calls(self) -> list[Call]:
        """Collect garbage; return the collaborator calls that wait for an answer and are still held by somebody."""
        return [self._collaborators.calls[number] for number in await self._ask("collect")]

    async def _ask(self, kind: str) -> Any:
        number = next(self._numbers)
        self.post({"t": kind, "re": number})
        return await Running(self, number, "a message to the event loop")

    # What the submission is handed

    def collaborator(self, name: str, kind: str = "async", **options: Any) -> Collaborator:
        """Make a callable collaborator; options as of `Collaborator`."""
        collaborator = Collaborator(name, kind, **options)
        self._collaborators.add(collaborator)
        return collaborator

    def async_generator(self, name: str, values: Sequence[Any], *, params: Sequence[str] | None = None) -> Generated:
        """Make an async generator function that yields the values; ``.steps`` can be parked."""
        generated = Generated(name, "async_generator", values, params)
        self._collaborators.add(*generated.parts)
        return generated

    def generator(self, name: str, values: Sequence[Any], *, params: Sequence[str] | None = None) -> Generated:
        """Make a generator function that yields the values; ``.steps`` can be parked."""
        generated = Generated(name, "generator", values, params)
        self._collaborators.add(*generated.parts)
        return generated

    def context(
        self, name: str, value: Any = None, *, is_async: bool = False
    ) -> tuple[Described, Collaborator, Collaborator]:
        """Make a function that returns a context manager. Return it, and the collaborators of entering and leaving."""
        enter = self.collaborator(f"{name}.enter", returns=value)
        leave = self.collaborator(f"{name}.exit")
        return Described({"$": "async_context" if is_async else "context", "name": name}), enter, leave

    def object(self, name: str, /, **attributes: Any) -> Described:
        """Make an object with these attributes; collaborators among them are its methods."""
        return Described({"$": "object", "name": name, "attributes": {k: self.pack(v) for k, v in attributes.items()}})

    def list(self, name: str) -> Collaborator:
        """Make a list; what the submission puts in is heard as calls, `arguments` is the list as the grader sees it."""
        self.collaborator(f"{name}.changed", "notify")
        appended = self.collaborator(f"{name}.append", "notify")
        appended.description = {"$": "list", "name": name}
        return appended

    def thread_pool(self, workers: int) -> Described:
        """Make a real thread pool."""
        return Described({"$": "thread_pool", "workers": workers})

    def open_exchange(
        self, kind: type[Kind], app: Handle, scope: dict[str, Any], title: str, *, gated: bool = False
    ) -> Kind:
        """Run an application with a scope; `Application` has the comfortable ways."""
        number = next(self._numbers)
        exchange = kind(self, number, title)
        self._exchanges[number] = exchange
        self.post({"t": "open", "x": number, "app": app.number, "gated": gated, "scope": self.pack(scope)})
        return exchange

    def open_wsgi_exchange(
        self, app: Handle, environ: dict[str, str], title: str, *, gated: bool = False
    ) -> WsgiExchange:
        """Call a WSGI application with an environ; `WsgiApplication` has the comfortable ways."""
        number = next(self._numbers)
        exchange = WsgiExchange(self, number, title, environ["REQUEST_METHOD"])
        self._wsgi_exchanges[number] = exchange
        self.post({"t": "open_wsgi", "x": number, "app": app.number, "gated": gated, "environ": self.pack(environ)})
        return exchange


class StageFactory(Protocol):
    """Opens one more stage of the same submission."""

    async def __call__(self, *, replacing: Mapping[str, bytes] | None = None) -> Stage:
        """Open it; ``replacing`` puts other content into given files, in this stage alone.

        Raises CourseError when one of them is no given file: what the learner hands in is never replaced.
        """
        ...
