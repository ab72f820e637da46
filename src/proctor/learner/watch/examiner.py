"""Grades one submission at a time, in a thread of its own and with lanes that are kept."""

import asyncio
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Thread

from proctor.catalog import Course
from proctor.grade import Grader, Task, collect
from proctor.isolation.protection import Protection
from proctor.lanes import Lanes
from proctor.scorecard import Scorecard
from proctor.submission import Submission
from proctor.verdict import CheckSpec, Verdict

__all__ = ["Examiner", "Graded"]


@dataclass(frozen=True)
class Graded:
    """A submission, and what came of it."""

    submission: Submission
    card: Scorecard


class Examiner:
    """Lanes with the checks of a whole course. What comes of a submission is told on the event loop that made this.

    ``tell`` gets every verdict, then what came of it all; or an exception that nobody has expected.
    """

    def __init__(
        self, course: Course, protection: Protection, tell: Callable[[Verdict | Graded | Exception], None]
    ) -> None:
        self._lanes = Lanes(protection)
        collect(self._lanes, course)
        self._tell = tell
        self._loop = asyncio.get_running_loop()
        self._thread: Thread | None = None
        self.is_busy = False
        """Is a submission being graded? Not any more when it is told what came of it."""

    def specs(self, slug: str) -> Sequence[CheckSpec]:
        """Return the checks of an exercise. After its first verdict was told, this does not wait."""
        return self._lanes.specs(slug)

    def examine(self, submission: Submission) -> None:
        """Begin to grade a submission. To be called when none is being graded."""
        self.is_busy = True
        self._thread = Thread(target=self._grade, args=(submission,), name="examiner", daemon=True)
        self._thread.start()

    def _grade(self, submission: Submission) -> None:
        task = Task(submission.exercise.slug, submission)

        def heard(verdict: Verdict, _total: int) -> None:
            self._loop.call_soon_threadsafe(self._tell, verdict)

        try:
            (card,) = Grader(self._lanes).grade_all([task], seed=secrets.randbelow(1 << 31), progress=heard)
        except Exception as error:  # noqa: BLE001 - whatever it is, it belongs to the loop
            self._loop.call_soon_threadsafe(self._finish, error)
        else:
            self._loop.call_soon_threadsafe(self._finish, Graded(submission, card))

    def _finish(self, news: Graded | Exception) -> None:
        self.is_busy = False
        self._tell(news)

    def close(self) -> None:
        """Leave off, and end all processes."""
        self._lanes.interrupt()
        if self._thread is not None:
            self._thread.join()
        self._lanes.close()
