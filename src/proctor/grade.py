"""From submissions to scorecards: deals them to lanes, and tries again what was our fault."""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain, islice

from proctor.available import why_unavailable
from proctor.catalog import Exercise
from proctor.isolation.protection import Isolation, Protection, choose
from proctor.job import Job
from proctor.lanes import Lanes
from proctor.scorecard import Scorecard, Status
from proctor.scoring import score, without_verdict
from proctor.submission import Submission
from proctor.verdict import Verdict

__all__ = ["FirstFailure", "Grader", "Progress", "Task", "collect", "find_first_failures", "grade", "lanes_for"]

Progress = Callable[[Verdict, int], None]
"""Hears of every verdict as it comes, and of how many there will be."""


@dataclass(frozen=True)
class Task:
    """A submission to grade; ``key`` is unique in the run and comes back with the scorecard."""

    key: str
    submission: Submission


@dataclass(frozen=True)
class FirstFailure:
    """What came of a submission whose checks ran to the first one that fails, in every lane that had a share of them.

    ``checks`` failed; none did where all have passed. ``undecided`` says why nothing is known, or is empty.
    """

    checks: tuple[str, ...] = ()
    undecided: str = ""


@dataclass(frozen=True)
class _Manner:
    """How checks are run."""

    seed: int = 0
    shuffle: int | None = None
    to_first_failure: bool = False

    def applied(self, job: Job) -> Job:
        """Return the job, to be run in this manner."""
        return replace(job, seed=self.seed, shuffle=self.shuffle, to_first_failure=self.to_first_failure)


@dataclass
class _Sheet:
    """What has come of one task so far; ``open_jobs`` are under way. ``unheld`` says why it cannot be run here."""

    task: Task
    open_jobs: int = 0
    verdicts: list[Verdict] = field(default_factory=list[Verdict])
    unheld: str = ""


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
    with lanes_for(tasks, protection) as lanes:
        return Grader(lanes).grade_all(tasks, seed=seed, shuffle=shuffle, progress=progress)


def find_first_failures(
    tasks: Sequence[Task],
    *,
    protection: Protection | None = None,
    seed: int = 0,
    progress: Progress = lambda _verdict, _total: None,
) -> dict[str, FirstFailure]:
    """Tell, by key, whether any check fails on these submissions. Much less work than `grade`, and no scorecard."""
    if not tasks:
        return {}
    with lanes_for(tasks, protection) as lanes:
        return Grader(lanes).find_first_failures(tasks, seed=seed, progress=progress)


@contextmanager
def lanes_for(tasks: Sequence[Task], protection: Protection | None = None) -> Generator[Lanes]:
    """Keep lanes that have collected the checks of the exercises of these tasks, of which there is at least one."""
    with Lanes(protection or choose(Isolation.AUTO)) as lanes:
        collect(lanes, (task.submission.exercise for task in tasks))
        yield lanes


def collect(lanes: Lanes, exercises: Iterable[Exercise]) -> None:
    """Have lanes collect the checks of exercises: of those that have any here."""
    checked = {one.slug: one for one in exercises if one.max_score}
    for exercise in list(checked.values())[:1]:
        lanes.collect(exercise.root, list(checked))


class Grader:
    """Grades with lanes that have their checks, again and again where they are kept."""

    def __init__(self, lanes: Lanes) -> None:
        self._lanes = lanes

    def count_verdicts(self, tasks: Iterable[Task]) -> int:
        """Return how many verdicts there will be; waits until the checks are collected."""
        exercises = [task.submission.exercise for task in tasks]
        return sum(len(self._lanes.specs(exercise.slug)) for exercise in exercises if exercise.max_score)

    def grade_all(
        self,
        tasks: Sequence[Task],
        *,
        seed: int = 0,
        shuffle: int | None = None,
        progress: Progress = lambda _verdict, _total: None,
    ) -> list[Scorecard]:
        """Grade submissions; return their scorecards in the order of the tasks."""
        total = self.count_verdicts(tasks)
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
        for sheet in self._run(tasks, _Manner(seed, shuffle), heard):
            yield sheet.task.key, self._score(sheet)

    def find_first_failures(
        self, tasks: Sequence[Task], *, seed: int = 0, progress: Progress = lambda _verdict, _total: None
    ) -> dict[str, FirstFailure]:
        """Tell, by key, whether any check fails on these submissions."""
        total = self.count_verdicts(tasks)
        manner = _Manner(seed, to_first_failure=True)
        sheets = self._run(tasks, manner, lambda verdict: progress(verdict, total))
        return {sheet.task.key: self._first_failure(sheet) for sheet in sheets}

    def _run(self, tasks: Iterable[Task], manner: _Manner, heard: Callable[[Verdict], None]) -> Iterator[_Sheet]:
        """Run checks; yield the sheet of each task when it is done."""
        sheets: dict[str, _Sheet] = {}
        again: list[_Sheet] = []
        unheld: list[_Sheet] = []
        jobs = self._jobs(self._held(tasks, unheld), sheets, manner)
        first = list(islice(jobs, 1))  # without any, nothing may have been collected, which lanes would wait for
        for news in self._lanes.run(chain(first, jobs)) if first else ():
            if isinstance(news, Verdict):
                sheets[news.job].verdicts.append(news)
                heard(news)
            elif news.job is not None:
                sheet = sheets[news.job.key]
                sheet.open_jobs -= 1
                if not sheet.open_jobs:
                    del sheets[news.job.key]
                    if self._undecided(sheet, manner):
                        again.append(sheet)
                    else:
                        yield sheet
        yield from unheld
        for sheet in again:
            if not self._lanes.is_interrupted:
                self._try_again(sheet, manner, heard)
            yield sheet

    def _held(self, tasks: Iterable[Task], unheld: list[_Sheet]) -> Iterator[Task]:
        """Yield the tasks for whose exercises this machine has what it takes, and put away the others."""
        for task in tasks:
            if why := why_unavailable(task.submission.exercise, self._lanes.protection):
                unheld.append(_Sheet(task, unheld=why))
            else:
                yield task

    def _jobs(self, tasks: Iterable[Task], sheets: dict[str, _Sheet], manner: _Manner) -> Iterator[Job]:
        """Make a job of every task. The last ones are shared by all lanes, so that none of them is idle at the end."""
        ahead: deque[Task] = deque()
        for task in tasks:
            ahead.append(task)
            if len(ahead) > self._lanes.count:
                yield from _shares(ahead.popleft(), sheets, 1, manner)
        for task in ahead:
            yield from _shares(task, sheets, self._lanes.count, manner)

    def _undecided(self, sheet: _Sheet, manner: _Manner) -> list[str]:
        """Return the checks that were not decided, and are worth a second try."""
        outcomes = {verdict.check: verdict.outcome for verdict in sheet.verdicts}
        if manner.to_first_failure and "failed" in outcomes.values():
            return []
        specs = self._lanes.specs(sheet.task.submission.exercise.slug)
        return [spec.id for spec in specs if outcomes.get(spec.id, "error") == "error"]

    def _try_again(self, sheet: _Sheet, manner: _Manner, heard: Callable[[Verdict], None]) -> None:
        """Run the checks that were not decided once more, in processes that have met nobody else."""
        undecided = self._undecided(sheet, manner)
        exercise = sheet.task.submission.exercise
        sheet.verdicts = [verdict for verdict in sheet.verdicts if verdict.check not in undecided]
        job = manner.applied(sheet.task.submission.to_job(sheet.task.key))
        with Lanes(self._lanes.protection, 1) as lanes:
            lanes.collect(exercise.root, [exercise.slug])
            for news in lanes.run([replace(job, only=frozenset(undecided))]):
                if isinstance(news, Verdict):
                    sheet.verdicts.append(news)
                    heard(news)

    def _score(self, sheet: _Sheet) -> Scorecard:
        submission = sheet.task.submission
        if sheet.unheld:
            return without_verdict(submission, Status.UNAVAILABLE, sheet.unheld)
        return score(submission, self._lanes.specs(submission.exercise.slug), sheet.verdicts, self._lanes.broken)

    def _first_failure(self, sheet: _Sheet) -> FirstFailure:
        """Read a sheet on which checks may be missing, namely those after one that has failed."""
        if sheet.unheld:
            return FirstFailure(undecided=sheet.unheld)
        failed = tuple(verdict.check for verdict in sheet.verdicts if verdict.outcome == "failed")
        passed = {verdict.check for verdict in sheet.verdicts if verdict.outcome == "passed"}
        specs = self._lanes.specs(sheet.task.submission.exercise.slug)
        if failed or (specs and passed == {spec.id for spec in specs} and not self._lanes.broken):
            return FirstFailure(failed)
        errors = [verdict.message for verdict in sheet.verdicts if verdict.outcome == "error"]
        reasons = [*self._lanes.broken, *errors]
        return FirstFailure(undecided="\n".join(filter(None, reasons)) or "not every check was reported")


def _shares(task: Task, sheets: dict[str, _Sheet], count: int, manner: _Manner) -> Iterator[Job]:
    """Open a sheet for a task, and cut it into jobs."""
    sheets[task.key] = _Sheet(task, count)
    for share in range(count):
        yield replace(manner.applied(task.submission.to_job(task.key)), share=share, shares=count)
