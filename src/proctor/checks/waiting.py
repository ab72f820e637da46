"""Commands to a stage out, facts in, in one order, and the waiting for them. Everything a check waits for is `until`.

Theory of operation
-------------------
The stage says ``idle`` when nothing in it can move, together with the number of messages of ours that this accounts
for. `is_settled` is true when that number is all that we have sent. `until` waits for a condition; when the stage is
settled and the condition does not hold, it moves the stage's clock to the next alarm, and when there is none it raises
`Never` at once. So a wrong answer is told as fast as a right one, and no verdict depends on a clock of ours.

Real time is looked at in one place only, `_news`: a stage that is silent for a while is asked where it is. It is
convicted for processor time that it spends with a frame of the submission on a stack, never for time that passes.
"""

import asyncio
import itertools
import math
import signal
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from proctor.checks.channel import BYTES_LIMIT, Channel
from proctor.checks.collaborators import Call, Collaborators, Described
from proctor.checks.facts import Places, Rest
from proctor.checks.handles import Handle, Outcome, RaisedError, Running, error_of, frames_of
from proctor.checks.theatre import Theatre
from proctor.errors import Never, StageEnded, StageLost, Stuck, SubmissionError
from proctor.isolation.launcher import Ending, Seat
from proctor.stage import wire
from proctor.wording import spell

if TYPE_CHECKING:
    from proctor.checks.exchange import Exchange
    from proctor.checks.wsgi import WsgiExchange

__all__ = ["WaitingStage"]

FLOOD: Final = 20_000
"""Facts within one wait. More of them is a submission that talks without end."""

HORIZON: Final = 600.0
STEPS: Final = 500
"""One wait lets so many seconds pass on the stage's clock, in at least so many steps: more of both is a poll."""

FOR_EVER: Final = 366 * 86_400.0
"""One sleep of so many seconds on the stage's clock is not waited for."""

STRIDE: Final = 0.01
"""Past those steps, the part of the time passed so far that the next step is at least: polls come to an end soon."""

GLANCE: Final = 0.25
"""Real seconds of silence before the stage is asked where it is."""

CPU_ALLOWANCE: Final = 1.0
"""Processor seconds that a submission may spend without saying anything."""

PATIENCE: Final = 60.0
"""Real seconds of silence, without much processor time, after which the stage is given up. The fault is ours."""

TOTAL_PATIENCE: Final = 180.0
"""Real seconds for one stage, whatever it says meanwhile. Past them the fault is ours."""


class WaitingStage:
    """One stage, as far as it is talked to and waited for; `proctor.checks.stage.Stage` is what checks are given."""

    def __init__(self, theatre: Theatre, seat: Seat, file: str) -> None:
        self._theatre, self._seat, self._file = theatre, seat, file
        self._channel: Channel
        self._numbers = itertools.count(1)
        self._sent = self._facts = 0
        patience = math.inf if theatre.is_debugging else TOTAL_PATIENCE
        self._deadline = asyncio.get_running_loop().time() + patience
        self._rest: Rest | None = None
        self._places: Places | None = None
        self._names: list[str] | None = None
        self._problem: SubmissionError | None = None
        self._exchanges: dict[int, Exchange] = {}
        self._wsgi_exchanges: dict[int, WsgiExchange] = {}
        self._collaborators = Collaborators()
        self._ending: Ending | None = None
        self.results: dict[int, Outcome] = {}
        self.log: list[str] = []
        self.naps: list[str] = []

    # Facts

    def post(self, message: wire.Message) -> None:
        """Send one command."""
        self._sent += 1
        self._channel.send(message)

    def pack(self, value: object) -> Any:
        """Turn a value of the grader into JSON. Raises TypeError for what cannot be sent."""
        return wire.pack(value, self._foreign)

    def _foreign(self, value: object) -> Any:
        if isinstance(value, Handle):
            return {"$": "handle", "id": value.number}
        if isinstance(value, Described):
            return value.description
        raise TypeError(f"a check cannot send a {type(value).__name__} to the stage")

    def unpack(self, value: Any) -> Any:
        """Turn JSON of the stage into primitives, handles and descriptions of errors."""
        return wire.unpack(value, self._tagged)

    def _tagged(self, spec: wire.Message) -> Any:
        if spec["$"] == "handle":
            return Handle(self, int(spec["id"]), str(spec["type"]))
        return RaisedError(str(spec["type"]), str(spec["message"]))

    def _hear(self, message: wire.Message) -> bool:
        """Take note of one fact; the answer to a glance is none."""
        if message["t"] == "places":
            self._places = Places.read(message)
            return False
        self._facts += 1
        match message["t"]:
            case "idle":
                self._rest = Rest.read(message)
            case "result":
                error = message.get("error")
                outcome = Outcome(error=error_of(error)) if error else Outcome(self.unpack(message["value"]))
                self.results[message["re"]] = outcome
            case "asgi":
                self._hear_asgi(message)
            case "wsgi":
                self._hear_wsgi(message)
            case "asgi.end":
                self._hear_end(self._exchanges[message["x"]], message)
            case "wsgi.end":
                self._hear_end(self._wsgi_exchanges[message["x"]], message)
            case "call":
                call = Call(self, message)
                self.log.append(call.name)
                self._collaborators.heard(call)
            case "cancelled" | "dropped" as state:
                call = self._collaborators.calls[message["id"]]
                call.state = state
                self.log.append(f"{call.name} {state}")
            case "slept":
                self._hear_sleep(message)
            case "loading":
                self.log.append("loading")
            case "ready":
                self._names = [str(name) for name in message["names"]]
            case "unreadable":
                self._problem = error_of(message["error"])
            case kind:
                raise ValueError(f"no fact is called {kind!r}")
        return True

    def _hear_asgi(self, message: wire.Message) -> None:
        sent: dict[str, Any] = self.unpack(message["message"])
        if type(sent) is not dict:
            sent = {"type": f"no message but {spell(sent)}"}
        self._exchanges[message["x"]].messages.append(sent)
        kind = str(sent.get("type", "?"))
        self.log.append(f"start {sent.get('status')}" if kind == "http.response.start" else kind.rpartition(".")[2])

    def _hear_wsgi(self, message: wire.Message) -> None:
        done: dict[str, Any] = self.unpack(message["message"])
        self._wsgi_exchanges[message["x"]].hear(done)
        self.log.append(f"start_response {done['status']}" if done["type"] == "start_response" else str(done["type"]))

    def _hear_end(self, exchange: "Exchange", message: wire.Message) -> None:
        error = message["error"]
        exchange.ended = True
        if error is not None:
            exchange.error = error_of(error)
        self.log.append("app returned")

    def _hear_sleep(self, message: wire.Message) -> None:
        if message["on_loop"]:
            frames = frames_of(message["frames"])
            where = f" ({frames[-1]})" if frames else ""
            self.naps.append(f"time.sleep({float(message['seconds']):g}) stopped the event loop{where}")

    # Waiting

    @property
    def is_settled(self) -> bool:
        """Can nothing in the stage move without the grader?"""
        return self._rest is not None and self._rest.seen == self._sent

    @property
    def waits_for_others(self) -> bool:
        """Has the stage come to rest, with file descriptors open over which somebody outside may wake it?"""
        return self.is_settled and self._rest is not None and self._rest.outside

    async def settled(self) -> None:
        """Wait until nothing in the stage can move; its clock stands still meanwhile.

        What others may still say, over a file descriptor, is not waited for.
        """
        budget = self._facts + FLOOD
        while not self.is_settled:
            self._check_alive("it came to rest", budget)
            await self._news()

    async def until(self, condition: Callable[[], bool], what: str) -> None:
        """Wait until the condition holds, letting time pass in the stage where nothing else can happen.

        Raises Never as soon as it cannot come true any more, Stuck or StageEnded where the submission is to blame for
        that in another way, StageLost where nobody knows. ``what`` completes the sentence "never: ...".
        """
        passed, steps, budget = 0.0, 0, self._facts + FLOOD
        while not condition():
            self._check_alive(what, budget)
            if not self.is_settled:
                await self._news()
                continue
            for _ in range(10):  # other tasks of the check may be about to say something
                await asyncio.sleep(0)
            rest = self._rest
            if not self.is_settled or rest is None or condition():
                continue
            if rest.alarm is not None and rest.alarm < FOR_EVER and (passed < HORIZON or steps < STEPS):
                seconds = rest.alarm if steps < STEPS else max(rest.alarm, passed * STRIDE)
                passed += await self._pass_time(seconds, outside=rest.outside)
                steps += 1
            elif rest.outside:
                await self._news()
            elif rest.loop == "spinning" and passed < HORIZON:
                passed += await self._pass_time(HORIZON, outside=False)  # what it polls may be the clock
            else:
                raise Never(f"never: {what}\n  {self._situation(rest, passed)}")

    def _check_alive(self, what: str, budget: int) -> None:
        if self._facts > budget:
            raise Stuck(f"{FLOOD} events, and still not: {what}")
        if not self._channel.closed:
            return
        if self._channel.flooded:
            raise Stuck(f"your code has sent more than {BYTES_LIMIT >> 20} MiB, and still not: {what}")
        if self._channel.tampered:
            raise StageEnded(f"your code wrote on the grader's channel ({self._channel.tampered}) before {what}")
        ending = self._end()
        if ending.signal == signal.SIGXCPU:  # the limit of processor time (`proctor.stage.limits`)
            raise Stuck(f"your code used {ending.cpu:.0f} s of processor time before {what}")
        raise StageEnded(f"your code ended its process before {what}: {ending.describe()}")

    async def _pass_time(self, seconds: float, *, outside: bool) -> float:
        """Move the stage's clock; where somebody outside may still speak, no faster than real time."""
        if outside:
            seconds = min(seconds, GLANCE)
            if await self._channel.is_heard_within(seconds):
                return 0.0
        self.tick(seconds)
        return seconds

    def tick(self, seconds: float) -> None:
        """Let time pass on the stage's clock."""
        self.post({"t": "tick", "seconds": seconds})

    async def _news(self) -> None:
        """Wait for the next fact; look after a stage that is silent, or that goes on and on."""
        silent, cpu_before = 0.0, None
        if asyncio.get_running_loop().time() > self._deadline:
            raise StageLost(f"this check has taken more than {TOTAL_PATIENCE:g} s")
        while not await self._channel.is_heard_within(GLANCE):
            if self._theatre.is_debugging:  # somebody thinks, and ends the run after having had enough
                continue
            self._places = None
            self._channel.send({"t": "glance"})  # not counted: it moves nothing in the stage
            if await self._channel.is_heard_within(GLANCE):
                return
            silent += 2 * GLANCE
            if silent > PATIENCE:
                raise StageLost(f"the stage said nothing for {PATIENCE:g} s and hardly used the processor")
            cpu, places = self._glanced()
            if self._channel.closed:
                return
            if cpu is None:
                continue
            cpu_before = cpu if cpu_before is None else cpu_before
            if cpu - cpu_before > CPU_ALLOWANCE and places:
                where = "; ".join(places)
                raise Stuck(f"your code has been computing for {cpu - cpu_before:.0f} s of processor time, at {where}")

    def _glanced(self) -> tuple[float | None, list[str]]:
        """Return the stage's processor time, as far as it is known, and where the submission is."""
        if self._places is not None:
            return self._places.cpu, self._places.places
        # Not even the thread that answers gets to run: one call of C code has the interpreter to itself, or there is
        # no interpreter any more, and a process that it left behind keeps the channel open.
        over, cpu = self._theatre.look(self._seat)
        if over:
            self._channel.abort()
        return cpu, ["a call that lets nothing else run"]

    def _situation(self, rest: Rest, passed: float) -> str:
        if rest.loop == "blocked":
            blocked = "the import" if self._names is None else "the event loop"
            state = f"{blocked} is blocked, waiting for {rest.waits_for}"
        elif rest.alarm is not None and rest.alarm >= FOR_EVER:
            state = f"your code sleeps for {rest.alarm:.0f} s"
        elif rest.loop == "spinning" or rest.alarm is not None:
            state = "your code polls for ever"
        else:
            waiting = [call.name for call in self._collaborators.calls.values() if call.state == "waiting"]
            waiting = [name if count == 1 else f"{name} ({count} times)" for name, count in Counter(waiting).items()]
            state = f"your code waits for {', '.join(waiting)}" if waiting else "nothing is left to do in your code"
        waited = f" (so far for {passed:.0f} s on its clock)" if rest.alarm is not None else ""
        naps = f"; {self.naps[-1]}" if self.naps else ""
        happened = [entry for entry in self.log if entry != "loading"][-12:]
        return f"{state}{rest.place}{waited}{naps}; so far: {', '.join(happened) or 'nothing'}"

    def _end(self) -> Ending:
        if self._ending is None:
            self._ending = self._theatre.end(self._seat)
        return self._ending

    # Commands

    def perform(
        self,
        on: str | int,
        verb: str,
        *args: Any,
        what: str,
        keep: bool = False,
        in_thread: bool = False,
        wait: bool = True,
    ) -> Running:
        """Have something done with a module (``submission``, ``props``) or the object behind a handle."""
        number = next(self._numbers)
        self.post(
            {
                "t": "call",
                "re": number,
                "on": on,
                "verb": verb,
                "args": [self.pack(value) for value in args],
                "keep": keep,
                "in_thread": in_thread,
                "wait": wait,
            }
        )
        return Running(self, number, what)
