"""How long each exercise took, where several are graded in one run."""

from dataclasses import dataclass, field
from time import monotonic

from proctor.grade import Progress
from proctor.verdict import Verdict

__all__ = ["Stopwatch"]


@dataclass
class Stopwatch:
    """Adds up seconds by exercise: the time between two verdicts belongs to the exercise of the later one."""

    seconds: dict[str, float] = field(default_factory=dict[str, float])
    _last: float = 0.0

    def start(self) -> None:
        """Begin the first lap."""
        self._last = monotonic()

    def lap(self, slug: str) -> None:
        """Say that the time since the last lap was spent on this exercise."""
        now = monotonic()
        self.seconds[slug] = self.seconds.get(slug, 0.0) + now - self._last
        self._last = now

    def hearing(self, progress: Progress) -> Progress:
        """Return a listener to verdicts that takes the time, too."""

        def heard(verdict: Verdict, total: int) -> None:
            self.lap(verdict.job.partition("/")[0])
            progress(verdict, total)

        return heard
