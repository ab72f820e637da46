"""The audit: every rule, on every exercise, in one fixed order.

Rules about what lies on disk are asked first, of every exercise. Then all known answers of all exercises are graded
together, and the rules about what came of them are asked where there is something to ask about.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Final

from proctor.catalog import Exercise
from proctor.grade import Progress, grade
from proctor.scorecard import Scorecard
from proctor.verify.finding import Finding, Flaw
from proctor.verify.known_answers import tasks_of_all
from proctor.verify.rules import checks, files, manifest, mistakes, readme, right_answers, transcripts
from proctor.verify.subject import Subject
from proctor.verify.transcript import SEED

__all__ = ["GRADED_RULES", "RULES", "Rule", "audit", "grade_answers"]

Rule = Callable[[Subject], Iterator[Flaw]]
"""A function whose docstring is the sentence of the rule, and whose name is its name."""

RULES: Final[Sequence[Rule]] = (
    *files.RULES,
    *manifest.RULES,
    *readme.RULES,
    *checks.RULES,
    *right_answers.RULES,
    *mistakes.RULES,
)

GRADED_RULES: Final[Sequence[Rule]] = (
    *checks.GRADED_RULES,
    *right_answers.GRADED_RULES,
    *mistakes.GRADED_RULES,
    *transcripts.GRADED_RULES,
)


def audit(subject: Subject) -> list[Finding]:
    """Ask all rules about an exercise, those about graded answers only where there are any."""
    rules = chain(RULES, GRADED_RULES if subject.cards else ())
    return [flaw.found_in(subject.exercise.slug, rule.__name__) for rule in rules for flaw in rule(subject)]


def grade_answers(
    exercises: Sequence[Exercise], progress: Progress = lambda _verdict, _total: None
) -> Mapping[str, Mapping[str, Scorecard]]:
    """Grade all known answers of these exercises in one run; return their scorecards by slug and name of the answer.

    An exercise that lacks what grading takes for granted has none.
    """
    tasks = tasks_of_all(exercises)
    cards: dict[str, dict[str, Scorecard]] = {exercise.slug: {} for exercise in exercises}
    for task, card in zip(tasks, grade(tasks, seed=SEED, progress=progress), strict=True):
        slug, _, answer = task.key.partition("/")
        cards[slug][answer] = card
    return cards
