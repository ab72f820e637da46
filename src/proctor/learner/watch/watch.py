"""`proctor watch`: grades the exercise that was saved, and has a key for everything else that a learner needs.

Theory of operation. One loop takes events from one queue, and nothing else changes or shows anything. Three sources put
events there: the file system (`saves`), the terminal (`keys`, and its size), and a thread that grades (`examiner`). It
grades one submission at a time, with lanes that were opened in the beginning and have the checks of the whole course
collected; so an answer takes as long as the submission itself, and little more. What is saved meanwhile waits, each
exercise once, and is then read in its latest state. What is to be done about an event says `desk`.

Whatever the learner's files are (broken, gone, a link), they come out of `read_submission` as something to be graded.
When graders or manifests change, the course is read anew and other lanes are opened.
"""

import asyncio
import signal
from collections.abc import Collection, Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from proctor.catalog import load_course
from proctor.errors import CourseError
from proctor.isolation.protection import Protection
from proctor.learner.own_work import OwnWork
from proctor.learner.progress import Progress
from proctor.learner.watch.desk import Desk
from proctor.learner.watch.examiner import Examiner, Graded
from proctor.learner.watch.keys import keys_of_terminal
from proctor.learner.watch.saves import Saved, saves
from proctor.learner.watch.workbench import Workbench
from proctor.terminal import Terminal
from proctor.verdict import Verdict

__all__ = ["Watch"]

SECOND_LOOK: Final = 0.2
"""Seconds after which a file that is gone is taken to be gone: editors delete and write anew."""


@dataclass(frozen=True)
class _Pressed:
    key: str


@dataclass(frozen=True)
class _Resized:
    pass


@dataclass(frozen=True)
class _News:
    text: str


_Event = _News | _Pressed | _Resized | Saved | Verdict | Graded | Exception


class Watch:
    """Watches the course below ``root``. ``poll`` looks for saved files again and again, where no system tells."""

    def __init__(
        self, root: Path, progress: Progress, protection: Protection, terminal: Terminal, *, poll: bool
    ) -> None:
        self._root, self._progress, self._protection, self._terminal = root, progress, protection, terminal
        self._poll = poll
        self._events: asyncio.Queue[_Event] = asyncio.Queue()

    async def run(self, slug: str = "", *news: str) -> None:
        """Watch until the learner quits; ``news`` is shown in the beginning.

        Raises UsageError for an unknown exercise, and CourseError when the course cannot be read.
        """
        stop = asyncio.Event()
        hearing = asyncio.create_task(self._hear_saves(stop))
        try:
            with keys_of_terminal(lambda key: self._events.put_nowait(_Pressed(key))), self._resizing():
                while await self._work_at(slug, news):
                    slug, news = self._progress.place, ("The course has changed, and was read anew.",)
        finally:
            stop.set()
            await hearing

    async def _work_at(self, slug: str, news: Collection[str]) -> bool:
        """Take events until the learner quits, or the course has changed. Return whether to go on."""
        course = load_course(self._root)
        with closing(Examiner(course, self._protection, self._events.put_nowait)) as examiner:
            bench = Workbench(course, self._progress, OwnWork(self._progress, self._protection.layers), slug)
            with closing(Desk(bench, examiner, self._terminal, self._look_again)) as desk:
                desk.begin(*news)
                while not desk.is_over:
                    event = await self._events.get()
                    if isinstance(event, Saved) and event.has_course_changed and self._is_readable(desk):
                        return True
                    _take(desk, event)
        return False

    def _is_readable(self, desk: Desk) -> bool:
        try:
            load_course(self._root)
        except CourseError as error:  # somebody is in the middle of changing it
            desk.tell("The course cannot be read as it is now, and goes on as it was.", str(error))
            return False
        return True

    async def _hear_saves(self, stop: asyncio.Event) -> None:
        try:
            async for saved in saves(self._root, poll=self._poll, stop=stop):
                self._events.put_nowait(saved)
        except (OSError, RuntimeError) as error:  # how watchfiles says that a limit of the system is used up
            if self._poll:
                raise
            self._events.put_nowait(
                _News(f"The system does not tell of saved files ({error}). They are looked for now.")
            )
            self._poll = True
            await self._hear_saves(stop)

    def _look_again(self, slug: str) -> None:
        saved = Saved(frozenset({slug}))
        asyncio.get_running_loop().call_later(SECOND_LOOK, self._events.put_nowait, saved)

    @contextmanager
    def _resizing(self) -> Generator[None]:
        """Hear of it when the terminal gets another size, where the system tells."""
        changed = getattr(signal, "SIGWINCH", None)
        if changed is None:
            yield
            return
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(changed, self._events.put_nowait, _Resized())
        try:
            yield
        finally:
            loop.remove_signal_handler(changed)


def _take(desk: Desk, event: _Event) -> None:
    match event:
        case _Pressed(key):
            desk.press(key)
        case _News(text):
            desk.tell(text)
        case _Resized():
            desk.draw()
        case Saved(slugs):
            desk.saved(slugs)
        case Verdict():
            desk.heard(event)
        case Graded(submission, card):
            desk.graded(submission, card)
        case Exception():
            desk.failed(event)
