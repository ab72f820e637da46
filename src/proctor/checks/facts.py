"""What a stage says of itself, read from a stranger's messages before anybody relies on it."""

from dataclasses import dataclass
from typing import Self

from proctor.checks.handles import frames_of
from proctor.hostile_text import one_line
from proctor.stage import wire

__all__ = ["Places", "Rest"]


@dataclass(frozen=True)
class Rest:
    """What a stage says when nothing in it can move: the messages that this accounts for, and who may change it."""

    seen: int
    alarm: float | None
    outside: bool
    loop: str
    waits_for: str
    place: str

    @classmethod
    def read(cls, message: wire.Message) -> Self:
        """Read a message. Raises KeyError, TypeError or ValueError when it was tampered with."""
        frames, alarm = frames_of(message["frames"]), message["alarm"]
        return cls(
            seen=int(message["seen"]),
            alarm=None if alarm is None else float(alarm),
            outside=bool(message["outside"]),
            loop=str(message["loop"]),
            waits_for=one_line(str(message["waits_for"]), 100),
            place=f" at {frames[-1]}" if frames else "",
        )


@dataclass(frozen=True)
class Places:
    """The answer to a glance: processor time so far, and where the submission is in each thread that it is in."""

    cpu: float
    places: list[str]

    @classmethod
    def read(cls, message: wire.Message) -> Self:
        """Read a message. Raises KeyError, TypeError or ValueError when it was tampered with."""
        return cls(float(message["cpu"]), [str(frames[-1]) for frames in map(frames_of, message["places"]) if frames])
