"""What a check is run on, as plain data that travels from the process that counts to the ones that run checks."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from proctor.isolation.layers import Profile

__all__ = ["Job", "Play"]


@dataclass(frozen=True)
class Play:
    """One submission with all that it takes to put it on a stage: files by name, of which ``main_file`` is loaded.

    ``given`` names those that are not the learner's.
    """

    exercise: str
    files: dict[str, bytes]
    given: frozenset[str]
    main_file: str
    props: bytes | None
    interface: tuple[str, ...]
    preload: tuple[str, ...]
    profile: Profile


@dataclass
class Job:
    """A submission, the checks of it that are wanted, and how.

    ``only`` names checks, where not all are wanted. Of these, the job is for every ``shares``-th one beginning with
    ``share``. ``to_first_failure`` leaves out those that would follow one that fails. ``seed`` is that of the drawn
    values, ``shuffle`` that of the order. ``unreadable`` says why nothing of the submission can be judged; once it is
    known, no further stage is tried.
    """

    key: str
    play: Play
    seed: int = 0
    shuffle: int | None = None
    only: frozenset[str] | None = None
    share: int = 0
    shares: int = 1
    to_first_failure: bool = False
    unreadable: str = field(default="")

    def to_plan(self) -> dict[str, Any]:
        """Return it as JSON."""
        play = self.play
        return {
            "key": self.key,
            "exercise": play.exercise,
            "files": {name: base64.b64encode(content).decode() for name, content in play.files.items()},
            "given": sorted(play.given),
            "main_file": play.main_file,
            "props": None if play.props is None else base64.b64encode(play.props).decode(),
            "interface": play.interface,
            "preload": play.preload,
            "profile": play.profile,
            "seed": self.seed,
            "shuffle": self.shuffle,
            "only": None if self.only is None else sorted(self.only),
            "share": self.share,
            "shares": self.shares,
            "to_first_failure": self.to_first_failure,
            "unreadable": self.unreadable,
        }

    @classmethod
    def from_plan(cls, plan: Mapping[str, Any]) -> Self:
        """Read what `to_plan` has made."""
        play = Play(
            exercise=plan["exercise"],
            files={name: base64.b64decode(content) for name, content in plan["files"].items()},
            given=frozenset(plan["given"]),
            main_file=plan["main_file"],
            props=None if plan["props"] is None else base64.b64decode(plan["props"]),
            interface=tuple(plan["interface"]),
            preload=tuple(plan["preload"]),
            profile=Profile(plan["profile"]),
        )
        return cls(
            key=plan["key"],
            play=play,
            seed=plan["seed"],
            shuffle=plan["shuffle"],
            only=None if plan["only"] is None else frozenset(plan["only"]),
            share=plan["share"],
            shares=plan["shares"],
            to_first_failure=plan["to_first_failure"],
            unreadable=plan["unreadable"],
        )
