"""Stub and reference of every exercise, graded: in the teacher's course, and in the tree that students are to get.

In the teacher's course this is what `proctor verify` does, without mistakes and mutants. In the tree, the same answers
meet the checks that were cut out: a check that has lost something that it needs fails here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from proctor.catalog import Course, Exercise
from proctor.grade import Grader, Progress, Task, lanes_for
from proctor.isolation.protection import Protection
from proctor.release.objection import Objection
from proctor.scorecard import Outcome, Scorecard, Status
from proctor.submission import read_files
from proctor.verdict import CheckSpec
from proctor.verify import Finding, Flaw, Subject, Weight
from proctor.verify.audit import RULES
from proctor.verify.known_answers import REFERENCE, STUB, can_be_graded
from proctor.verify.rules import checks, right_answers

__all__ = ["Trial", "findings_in_course", "objections_to_tree", "try_answers", "unavailable"]

TRIED: Final = (*checks.GRADED_RULES, *right_answers.GRADED_RULES)
"""The rules of `proctor verify` about what came of stub and reference."""

SOLVED_IN_PLACE: Final = right_answers.learners_begin_with_the_stub
"""No rule of a release: what a teacher has tried in the learner's place does not go."""


@dataclass(frozen=True)
class Trial:
    """What came of it: the scorecards of stub and reference, and the checks, by exercise; and what is broken."""

    cards: Mapping[str, Mapping[str, Scorecard]]
    specs: Mapping[str, Sequence[CheckSpec]]
    broken: Sequence[str]


def try_answers(
    course: Course,
    answers: Course,
    *,
    protection: Protection | None = None,
    progress: Progress = lambda _verdict, _total: None,
) -> Trial:
    """Grade the stubs and references of the course ``answers`` with the checks of ``course``."""
    exercises = [exercise for exercise in course if exercise.max_score and can_be_graded(exercise)]
    tasks = [task for exercise in exercises for task in _tasks(exercise, answers.exercise(exercise.slug))]
    if not tasks:
        return Trial({}, {}, ())
    with lanes_for(tasks, protection) as lanes:
        graded = Grader(lanes).grade_all(tasks, progress=progress)
        specs = {exercise.slug: lanes.specs(exercise.slug) for exercise in exercises}
        broken = lanes.broken
    cards: dict[str, dict[str, Scorecard]] = {}
    for task, card in zip(tasks, graded, strict=True):
        cards.setdefault(card.exercise, {})[task.key.rpartition("/")[2]] = card
    return Trial(cards, specs, broken)


def findings_in_course(course: Course, trial: Trial) -> list[Finding]:
    """Return what the audit says of a teacher's course, and of what came of stubs and references."""
    order = tuple(exercise.slug for exercise in course)
    found: list[Finding] = []
    for exercise in course:
        subject = Subject(exercise, order, trial.cards.get(exercise.slug, {}))
        rules = chain((rule for rule in RULES if rule is not SOLVED_IN_PLACE), TRIED if subject.cards else ())
        found += [flaw.found_in(exercise.slug, rule.__name__) for rule in rules for flaw in rule(subject)]
        if not subject.cards:
            what = Flaw(f"exercises/{exercise.slug}", "lacks files, so it was not graded", "see what is missing")
            found.append(what.found_in(exercise.slug, "tried"))
    return [finding for finding in found if finding.weight is not Weight.NOTE]


def objections_to_tree(tree: Course, trial: Trial) -> Iterator[Objection]:
    """Yield what is wrong with the public checks of a student tree."""
    for broken in trial.broken:
        yield Objection("graders", f"hold a grader that cannot be collected: {broken}", _REMEDY)
    for exercise in tree:
        if exercise.released is None or not exercise.released.public:
            continue
        where = f"graders/{exercise.slug}"
        meant = {check.id: check.points for check in exercise.released.public}
        if {spec.id: spec.points for spec in trial.specs.get(exercise.slug, ())} != meant:
            yield Objection(where, "does not hold the checks that `graders/manifest.json` names", _REMEDY)
        cards = trial.cards.get(exercise.slug, {})
        yield from (_objection(where, answer, card) for answer, card in cards.items() if not _is_right(answer, card))


def unavailable(trial: Trial) -> dict[str, str]:
    """Return the exercises that this machine cannot grade, and why."""
    cards = (card for cards in trial.cards.values() for card in cards.values())
    return {card.exercise: card.message for card in cards if card.status is Status.UNAVAILABLE}


_REMEDY: Final = "the cut has taken away what a public check needs: have the check name it, or write it in another way"


def _tasks(exercise: Exercise, source: Exercise) -> Iterator[Task]:
    for answer, folder in ((STUB, source.stub), (REFERENCE, source.solution)):
        paths = {name: folder / name for name in exercise.manifest.files}
        yield Task(f"{exercise.slug}/{answer}", read_files(exercise, paths))


def _is_right(answer: str, card: Scorecard) -> bool:
    if card.status is Status.UNAVAILABLE:
        return True
    if answer == REFERENCE:
        return card.status is Status.GRADED and card.is_complete
    return card.status is Status.GRADED and all(check.outcome is Outcome.FAILED for check in card.checks)


def _objection(where: str, answer: str, card: Scorecard) -> Objection:
    told = [f"`{check.id}` {check.outcome}: {check.message}" for check in card.checks]
    got = "nothing is decided" if card.score is None else f"{card.score} of {card.max_score} public points"
    what = f"judges the {answer} wrongly, once it is cut ({got}): {'; '.join([card.message, *told]).strip('; ')}"
    return Objection(where, what, _REMEDY)
