"""Rules about the checks themselves: names, sentences, points, and what of them students are given."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from proctor.released import FULL_SCORE
from proctor.scorecard import Visibility
from proctor.verify.finding import Flaw
from proctor.verify.known_answers import REFERENCE
from proctor.verify.subject import Subject, parse
from proctor.verify.transcript import recorded_checks

__all__ = ["GRADED_RULES", "RULES"]

ID: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
LONGEST: Final = 110
"""Characters of a sentence that a board of 120 columns shows on one line, with points and margin."""


def check_ids_are_well_formed(subject: Subject) -> Iterator[Flaw]:
    """The id of a check is written in snake case, and no other check of the exercise has it."""
    counts = Counter(check.id for check in subject.checks)
    for check in subject.checks:
        if not ID.fullmatch(check.id):
            yield Flaw(check.place, f"the check `{check.id}` is not named in snake case", "rename it: `like_this_one`")
    for name, count in counts.items():
        if count > 1:
            where = " and ".join(check.place for check in subject.checks if check.id == name)
            yield Flaw(where, f"{count} checks have the id `{name}`", "rename all but one")


def check_sentences_can_be_read(subject: Subject) -> Iterator[Flaw]:
    """The docstring of a check is one short sentence, without a full stop."""
    for check in subject.checks:
        sentence, _, more = check.documentation.partition("\n")
        if not sentence:
            remedy = "give it a docstring: the behaviour, in a sentence that the learner reads"
            yield Flaw(check.place, f"the check `{check.id}` has no sentence", remedy)
        if sentence.endswith("."):
            yield Flaw(
                check.place, f"the sentence of `{check.id}` ends with a full stop", "leave it away: points follow"
            )
        if len(sentence) > LONGEST:
            what = f"the sentence of `{check.id}` has {len(sentence)} characters; more than {LONGEST} are not read"
            yield Flaw(check.place, what, "say it shorter, or make two checks of it")
        if more:
            what = f"the sentence of `{check.id}` goes on after its first line, which is all that is shown"
            yield Flaw(check.place, what, "move the rest into a comment")


def points_add_up_to_100(subject: Subject) -> Iterator[Flaw]:
    """Every check has a positive whole number of points, and together they are 100."""
    card = subject.cards[REFERENCE]
    counted = {check.id for check in card.checks}
    where = subject.place(subject.exercise.grader)
    if card.max_score != FULL_SCORE and not _is_unavailable(subject):
        what = f"the checks are worth {card.max_score} points together, and not {FULL_SCORE}"
        yield Flaw(where, what, "change the markers `points(n)`", evidence=card.message.partition("\n")[2])
    for check in subject.checks:
        if check.id not in counted and not _is_unavailable(subject):
            what = f"the check `{check.id}` does not count"
            yield Flaw(check.place, what, "give it a docstring, a marker `points(n)` with n positive, and a `stage`")


def something_stays_hidden(subject: Subject) -> Iterator[Flaw]:
    """Students are given the source of public checks: not of all, and of none whose feedback they must not read."""
    public = _public_checks(subject)
    checks = [check for check in subject.cards[REFERENCE].checks if check.id in public]
    points = sum(check.points for check in checks)
    if points >= FULL_SCORE:
        what = f"the public checks are worth {points} points together: nothing stays hidden"
        remedy = "remove `@pytest.mark.public` where it gives most away"
        yield Flaw(subject.place(subject.exercise.grader), what, remedy)
    for check in checks:
        if check.visibility is not Visibility.ALWAYS:
            what = f"the check `{check.id}` is public, and its feedback is shown `{check.visibility}`"
            yield Flaw(public[check.id], what, "remove one of these markers: who has a check reads its feedback")


def check_ids_are_stable(subject: Subject) -> Iterator[Flaw]:
    """A check keeps its id: gradebooks know it by that name, and its values are drawn from it."""
    recorded, now = recorded_checks(subject.exercise), [check.id for check in subject.cards[REFERENCE].checks]
    remedy = "put the name back; if the change is meant, `proctor verify --record` records it"
    if recorded is None or _is_unavailable(subject):
        return
    for name in recorded:
        if name not in now:
            yield Flaw(
                subject.place(subject.exercise.grader), f"the check `{name}`, which is on record, is gone", remedy
            )
    for name in now:
        if name not in recorded:
            yield Flaw(subject.place(subject.exercise.grader), f"the check `{name}` is not on record", remedy)


RULES: Final = (check_ids_are_well_formed, check_sentences_can_be_read)
GRADED_RULES: Final = (points_add_up_to_100, something_stays_hidden, check_ids_are_stable)


def _is_unavailable(subject: Subject) -> bool:
    """Tell whether the exercise cannot be graded on this machine, so that nothing is known of its checks."""
    return not subject.cards[REFERENCE].checks and subject.cards[REFERENCE].max_score == FULL_SCORE


def _public_checks(subject: Subject) -> dict[str, str]:
    """Return the ids of the public checks, with their places."""
    return {
        node.name.removeprefix("test_"): subject.place(path, node.lineno)
        for path in sorted(subject.exercise.grader.glob("test_*.py"))
        for node in ast.walk(parse(path) or ast.Module([], []))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and any(ast.unparse(mark).removesuffix("()") == "pytest.mark.public" for mark in node.decorator_list)
    }
