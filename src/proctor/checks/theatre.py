"""Where the stages of a run come from: forked or fresh ones, by what this run offers and what the exercise needs."""

import socket
from pathlib import Path
from typing import Self

from proctor.errors import StageLost
from proctor.isolation.forked_stages import ForkedStages
from proctor.isolation.fresh_stages import FreshStages
from proctor.isolation.launcher import Debugging, Ending, Launcher, Piece, Seat
from proctor.isolation.layers import Profile
from proctor.isolation.protection import Isolation, Protection, choose
from proctor.isolation.warm_server import WarmServer

__all__ = ["Theatre"]


class Theatre:
    """Any number of stages, one after another or side by side.

    ``control`` and ``stages`` lead to a warm server that somebody else has started. Without them a theatre that forks
    starts a server of its own. ``debugging`` says that somebody steps through the code of its stages.
    """

    def __init__(
        self,
        protection: Protection | None = None,
        control: socket.socket | None = None,
        stages: Path | None = None,
        debugging: Debugging | None = None,
    ) -> None:
        self._debugging = debugging
        self._protection = choose(Isolation.AUTO) if protection is None else protection
        self._server: WarmServer | None = None
        self._launchers: dict[Profile, Launcher] = {}
        if self._protection.forks:
            if control is None or stages is None:
                self._server = WarmServer(self._protection)
                control, stages = self._server.join(), self._server.stages
            self._launchers[Profile.PLAIN] = ForkedStages(control, stages)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def is_debugging(self) -> bool:
        """Whether a person may be thinking while a stage is silent."""
        return self._debugging is not None

    def _launcher(self, profile: Profile) -> Launcher:
        if profile not in self._launchers:
            if not self._protection.can_hold(profile):
                raise StageLost("exercises about servers need the private view, and it is not there")
            self._launchers[profile] = FreshStages(self._protection, profile, self._debugging)
        return self._launchers[profile]

    def wait(self) -> None:
        """Wait until stages can be had. Raises StageLost when they cannot."""
        self._launcher(Profile.PLAIN).wait()

    def seat(self, piece: Piece, profile: Profile = Profile.PLAIN, *, anew: bool = False) -> Seat:
        """Start a stage that has loaded a piece.

        ``anew`` keeps it from being a copy of another stage. Raises StageLost when there is none to be had.
        """
        return self._launcher(profile).seat(piece, anew=anew)

    def look(self, seat: Seat) -> tuple[bool, float | None]:
        """Tell whether a stage has ended, and how many processor seconds it has used where the system knows."""
        return self._launchers[seat.profile].look(seat)

    def end(self, seat: Seat) -> Ending:
        """Kill a stage with all its processes, remove its folder and tell how it had ended."""
        return self._launchers[seat.profile].end(seat)

    def close(self) -> None:
        """End every stage, and the server if it is our own."""
        for launcher in self._launchers.values():
            launcher.close()
        if self._server is not None:
            self._server.close()
