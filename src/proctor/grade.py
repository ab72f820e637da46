"""From submissions to scorecards: deals them to lanes, and tries again what was our fault."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from proctor.isolation.layers import Layer
from proctor.isolation.protection import Isolation, Protection, choose
from proctor.job import Job
from proctor.lanes import Lanes
from proctor.scorecard import Scorecard
from proctor.scoring import score, unavailable
from proctor.submission import Submission
from proctor.verdict import Verdict

__all__ = ["Grader", "Progress", "Task", "grade"]

Progress = Callable[[Verdict, int], None]
"""Hears of every verdict as it comes, and of how many there will be."""


@dataclass(frozen=True)
class Task:
    """A submission to grade; ``key`` is unique in the run and comes back with the scorecard."""

    key: str
    submission: Submission


@dataclass
class _Sheet:
    """What has come of one task so far; ``open_jobs`` are under way."""

    task: Task
    open_jobs: int
    verdicts: list[Verdict] = field(default_factory=list[Verdict])


def grade(
    tasks: Sequence[Task],
    *,
    protection: Protection | None = None,
    seed: int = 0,
    shuffle: int | None = None,
    progress: Progress = lambda _verdict, _total: None,
) -> list[Scorecard]:
    """Grade submissions; return their scorecards in the order of the tasks.

    ``protection`` says what holds them; without one it is what this machine offers. ``shuffle`` seeds a random order of
    the checks, which no score depends on.
    """
    if not tasks:
        return []
    with Lanes(protection or choose(Isolation.AUTO)) as lanes:
        lanes.collect(tasks[0].submission.exercise.root, sorted({task.submission.exercise.slug for task in tasks}))
        return Grader(lanes).grade_all(tasks, seed=seed, shuffle=shuffle, progress=progress)


class Grader:
    """Grades with lanes that have their checks, again and again where they are kept."""

    def __init__(self, lanes: Lanes) -> None:
        self._lanes = lanes

    def grade_all(
        self,
        tasks: Sequence[Task],
        *,
        seed: int = 0,
        shuffle: int | None = None,
        progress: Progress = lambda _verdict, _total: None,
    ) -> list[Scorecard]:
        """Grade submissions; return their scorecards in the order of the tasks."""
        total = sum(len(self._lanes.specs(task.submission.exercise.slug)) for task in tasks)
        cards = dict(self.grade(tasks, seed=seed, shuffle=shuffle, heard=lambda verdict: progress(verdict, total)))
        return [cards[task.key] for task in tasks]

    def grade(
        self,
        tasks: Iterable[Task],
        *,
        seed: int = 0,
        shuffle: int | None = None,
        heard: Callable[[Verdict], None] = lambda _verdict: None,
    ) -> Iterator[tuple[str, Scorecard]]:
        """Grade submissions as they come from ``tasks``; yield key and scorecard of each when it is done.

        What could not be decided is tried again at the end, each submission by itself: whoever has brought down the
        others' server or lane then meets nobody.
        """
        sheets: dict[str, _Sheet] = {}
        again: list[_Sheet] = []
        unheld: list[Task] = []
        jobs = self._jobs(self._held(tasks, unheld), sheets, seed, shuffle)
        for news in self._lanes.run(jobs):
            if isinstance(news, Verdict):
                sheets[news.job].verdicts.append(news)
                heard(news)
            elif news.job is not None:
                sheet = sheets[news.job.key]
                sheet.open_jobs -= 1
                if not sheet.open_jobs:
                    del sheets[news.job.key]
                    if self._undecided(sheet):
                        again.append(sheet)
                    else:
                        yield sheet.task.key, self._score(sheet)
        for task in unheld:
            yield (
                task.key,
                unavailable(task.submission, self._lanes.protection.missing.get(Layer.VIEW, "there is none")),
            )
        for sheet in again:
            self._try_again(sheet, seed, shuffle, heard)
            yield sheet.task.key, self._score(sheet)

    def _held(self, tasks: Iterable[Task], unheld: list[Task]) -> Iterator[Task]:
        """Yield the tasks for whose exercises this machine has what it takes, and put away the others."""
        for task in tasks:
            if self._lanes.protection.can_hold(task.submission.exercise.manifest.stage):
                yield task
            else:
                unheld.append(task)

    def _jobs(self, tasks: Iterable[Task], sheets: dict[str, _Sheet], seed: int, shuffle: int | None) -> Iterator[Job]:
        """Make a job of every task. The last ones are shared by all lanes, so that none of them is idle at the end."""
        ahead: deque[Task] = deque()
        for task in tasks:
            ahead.append(task)
            if len(ahead) > self._lanes.count:
                yield from _shares(ahead.popleft(), sheets, 1, seed, shuffle)
        for task in ahead:
            yield from _shares(task, sheets, self._lanes.count, seed, shuffle)

    def _undecided(self, sheet: _Sheet) -> list[str]:
        """Return the checks that were not decided, and are worth a second try."""
        outcomes = {verdict.check: verdict.outcome for verdict in sheet.verdicts}
        specs = self._lanes.specs(sheet.task.submission.exercise.slug)
        return [spec.id for spec in specs if outcomes.get(spec.id, "error") == "error"]

    def _try_again(self, sheet: _Sheet, seed: int, shuffle: int | None, heard: Callable[[Verdict], None]) -> None:
        """Run the checks that were not decided once more, in processes that have met nobody else."""
        undecided = self._undecided(sheet)
        exercise = sheet.task.submission.exercise
        sheet.verdicts = [verdict for verdict in sheet.verdicts if verdict.check not in undecided]
        job = replace(sheet.task.submission.to_job(sheet.task.key), seed=seed, shuffle=shuffle)
        with Lanes(self._lanes.protection, 1) as lanes:
            lanes.collect(exercise.root, [exercise.slug])
            for news in lanes.run([replace(job, only=frozenset(undecided))]):
                if isinstance(news, Verdict):
                    sheet.verdicts.append(news)
                    heard(news)

    def _score(self, sheet: _Sheet) -> Scorecard:
        submission = sheet.task.submission
        return score(submission, self._lanes.specs(submission.exercise.slug), sheet.verdicts, self._lanes.broken)


def _shares(task: Task, sheets: dict[str, _Sheet], count: int, seed: int, shuffle: int | None) -> Iterator[Job]:
    """Open a sheet for a task, and cut it into jobs."""
    sheets[task.key] = _Sheet(task, count)
    for share in range(count):
        yield replace(task.submission.to_job(task.key), seed=seed, shuffle=shuffle, share=share, shares=count)
