"""Grades one folder of submissions, one for each exercise: shows the board and writes the reports.

What somebody works at in this clone (the default) is remembered, and not graded again before something has changed.
Where a report is written, or a run repeated, everything is graded: what a learner's machine remembers is no evidence.
"""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from proctor import __version__
from proctor.board import NOBODY, Background, Board
from proctor.catalog import find_root, load_course
from proctor.errors import Interrupted
from proctor.grade import Grader, Task, collect
from proctor.lanes import Lanes
from proctor.learner.own_work import OwnWork
from proctor.learner.progress import Progress
from proctor.place import insist_on_a_place
from proctor.reports.junit import to_junit
from proctor.scorecard import Report, Scorecard
from proctor.submission import Submission, read_all

__all__ = ["Wish", "grade_course"]

INTERRUPTED: Final = "interrupted; nothing was written, and grading again starts afresh"
INTERRUPTED_AT_OWN_WORK: Final = "interrupted; what was graded is remembered, and the same command goes on from there"


@dataclass(frozen=True)
class Wish:
    """What is asked for: exercises (all where none is named), the folder that mirrors ``exercises/``, and reports.

    ``again`` grades what has not changed, too.
    """

    slugs: Sequence[str] = ()
    submission: Path | None = None
    json: Path | None = None
    junit: Path | None = None
    seed: int | None = None
    shuffle: int | None = None
    again: bool = False

    @property
    def is_fresh(self) -> bool:
        """Is everything to be graded, whatever is remembered?"""
        return self.again or any(one is not None for one in (self.json, self.junit, self.seed, self.shuffle))


@dataclass(frozen=True)
class _Run:
    """One run: what grades, what is asked for, and where it is shown."""

    lanes: Lanes
    wish: Wish
    board: Board
    seed: int

    def grade(self, submissions: Sequence[Submission]) -> Iterator[tuple[Submission, Scorecard]]:
        """Grade submissions, if there are any; yield each when it is done."""
        if not submissions:
            return
        collect(self.lanes, (one.exercise for one in submissions))
        by_key = {one.exercise.slug: one for one in submissions}
        tasks = [Task(key, one) for key, one in by_key.items()]
        grader = Grader(self.lanes)
        with self.board.terminal.progress() as advance:
            total = grader.count_verdicts(tasks)
            graded = grader.grade(
                tasks, seed=self.seed, shuffle=self.wish.shuffle, heard=lambda verdict: advance(verdict, total)
            )
            for key, card in graded:
                yield by_key[key], card

    def grade_own_work(
        self, submissions: Sequence[Submission], progress: Progress
    ) -> tuple[list[Scorecard], Background]:
        """Grade what has changed, and remember it; return all scorecards, and what is known of the learner."""
        memory = OwnWork(progress, self.lanes.protection.layers)
        recalled = {} if self.wish.is_fresh else memory.recall_all(submissions)
        worked_at: list[Scorecard] = []
        cards = dict(recalled)
        for submission, card in self.grade([one for one in submissions if one.exercise.slug not in recalled]):
            memory.remember(submission, card)
            cards[card.exercise] = card
            if not submission.is_stub:
                worked_at.append(card)
        memory.move_to(worked_at)
        given_up = frozenset(slug for slug in cards if progress.has_given_up(slug))
        background = Background(progress.place, given_up, len(recalled), tuple(progress.notices))
        return [cards[one.exercise.slug] for one in submissions], background


def grade_course(lanes: Lanes, wish: Wish) -> int:
    """Grade, show and write. Return the exit code."""
    course = load_course(find_root(Path.cwd()))
    folder = (wish.submission or course.root / "exercises").absolute()
    submissions = read_all(course.select(wish.slugs), folder)
    for target in (wish.json, wish.junit):
        insist_on_a_place(target)
    seed = secrets.randbelow(1 << 31) if wish.seed is None else wish.seed
    run = _Run(lanes, wish, Board(course, folder), seed)
    try:
        if wish.submission is None:
            with Progress.of(course.root) as progress:
                cards, background = run.grade_own_work(submissions, progress)
        else:
            found = {submission.exercise.slug: card for submission, card in run.grade(submissions)}
            cards, background = [found[one.exercise.slug] for one in submissions], NOBODY
    except KeyboardInterrupt:
        raise Interrupted(INTERRUPTED if wish.submission is not None else INTERRUPTED_AT_OWN_WORK) from None
    report = Report(
        proctor=__version__,
        seed=seed,
        isolation=lanes.protection.layers,
        not_protected=tuple(lanes.protection.open_doors()),
        scorecards=tuple(cards),
    )
    if wish.json is not None:
        wish.json.write_text(report.to_json(), encoding="utf-8")
    if wish.junit is not None:
        wish.junit.write_text(to_junit(report, graded_at=datetime.now(UTC)), encoding="utf-8")
    run.board.show(report, background)
    return report.exit_code
