"""Rules about the stub and the right answers: nothing for the one, everything for the others."""

import ast
from collections.abc import Iterator
from typing import Final

from proctor.scorecard import Outcome, Scorecard, Status
from proctor.scoring import FULL_SCORE
from proctor.verify.finding import Flaw, Weight
from proctor.verify.known_answers import ACCEPTED, REFERENCE, STUB, place_of
from proctor.verify.subject import Subject, parse, sentence_of

__all__ = ["GRADED_RULES", "RULES", "are_right"]

LEAST_ACCEPTED: Final = 3


def the_stub_says_what_is_to_do(subject: Subject) -> Iterator[Flaw]:
    """The stub carries a TODO where the learner begins."""
    paths = [subject.exercise.stub / name for name in subject.exercise.manifest.files]
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in paths if path.is_file()]
    if texts and not any("# TODO" in text for text in texts):
        yield Flaw(subject.place(paths[0]), "carries no `# TODO`", "mark the place where the learner begins")


def learners_begin_with_the_stub(subject: Subject) -> Iterator[Flaw]:
    """What a learner finds is the stub that `reset` puts back."""
    exercise = subject.exercise
    for name in exercise.manifest.files:
        found, stub = exercise.folder / name, exercise.stub / name
        if found.is_file() and stub.is_file() and found.read_bytes() != stub.read_bytes():
            where = subject.place(stub)
            remedy = f"if you have changed the stub, copy it to `{where}`; if you have solved it, reset it"
            yield Flaw(subject.place(found), f"differs from the stub that is kept in `{where}`", remedy)


def there_are_three_other_right_answers(subject: Subject) -> Iterator[Flaw]:
    """Beside the reference there are at least three other right answers."""
    count = len(subject.exercise.accepted_variants())
    if count < LEAST_ACCEPTED:
        where = subject.place(subject.exercise.solution / "accepted")
        yield Flaw(where, f"holds {count} right answers; it takes {LEAST_ACCEPTED}", "solve it in other ways, too")


def right_answers_say_what_is_different(subject: Subject) -> Iterator[Flaw]:
    """Every accepted answer begins with one sentence, its own, on what makes it different."""
    yield from sentences_are_their_own(subject, ACCEPTED, "what makes it different")


def right_answers_are_different(subject: Subject) -> Iterator[Flaw]:
    """No two right answers are the same program with other comments."""
    known: dict[tuple[str, ...], str] = {}
    for name in _right(subject):
        place = place_of(subject.exercise, name)
        paths = [place] if place.is_file() else [place / file for file in subject.exercise.manifest.files]
        trees = [tree for path in paths if (tree := parse(path)) is not None]
        meaning = tuple(ast.dump(ast.Module(_code(tree), [])) for tree in trees)
        if meaning in known:
            what = f"is the same program as `{known[meaning]}`"
            yield Flaw(subject.place(place), what, "build it in another way, or delete it")
        elif meaning:
            known[meaning] = name


def every_answer_is_decided(subject: Subject) -> Iterator[Flaw]:
    """On every known answer there is a verdict."""
    for name, card in subject.cards.items():
        if card.status is Status.UNAVAILABLE:
            yield Flaw(subject.place_of(name), "was not graded", card.message, weight=Weight.NOTE)
        elif card.status is Status.ERROR and card.max_score == FULL_SCORE:
            evidence = _told(card, Outcome.ERROR)
            yield Flaw(subject.place_of(name), "could not be decided", "try it again", evidence, Weight.OURS)


def the_stub_imports(subject: Subject) -> Iterator[Flaw]:
    """The untouched stub can be imported, and has every name of the interface."""
    for card in subject.decided(STUB).values():
        if card.status is Status.UNREADABLE:
            what = "the untouched stub cannot be loaded"
            yield Flaw(subject.place_of(STUB), what, "correct it: a learner begins with what runs", card.message)


def the_stub_is_red(subject: Subject) -> Iterator[Flaw]:
    """Every check fails on the untouched stub."""
    for card in subject.decided(STUB).values():
        for check in card.checks:
            if check.outcome is Outcome.PASSED:
                what = (
                    f"the check `{check.id}` passes on the untouched stub, which gets {check.points} points for nothing"
                )
                remedy = "have it assert first that something is there, and then what must not be"
                yield Flaw(subject.place(subject.exercise.grader), what, remedy)


def right_answers_get_all_points(subject: Subject) -> Iterator[Flaw]:
    """The reference and every accepted answer get 100 points."""
    for name, card in {**subject.decided(REFERENCE), **subject.decided(ACCEPTED)}.items():
        if card.status is Status.UNREADABLE:
            yield Flaw(subject.place_of(name), "a right answer cannot be loaded", "correct it", card.message)
        elif card.failed:
            failed = ", ".join(f"`{check.id}`" for check in card.failed)
            what = f"a right answer gets {card.score} of {FULL_SCORE} points, because it does not pass {failed}"
            remedy = "if it does what the README asks, the check asks for more: relax the check; else correct it"
            yield Flaw(subject.place_of(name), what, remedy, _told(card, Outcome.FAILED))


RULES: Final = (
    the_stub_says_what_is_to_do,
    learners_begin_with_the_stub,
    there_are_three_other_right_answers,
    right_answers_say_what_is_different,
    right_answers_are_different,
)
GRADED_RULES: Final = (every_answer_is_decided, the_stub_imports, the_stub_is_red, right_answers_get_all_points)


def are_right(subject: Subject) -> bool:
    """Tell whether the right answers get all points; mutants of others would prove nothing."""
    return all(name in subject.cards and subject.cards[name].is_complete for name in _right(subject))


def sentences_are_their_own(subject: Subject, kind: str, about: str) -> Iterator[Flaw]:
    """Yield the answers of a kind whose first line is no sentence of their own."""
    variants = subject.exercise.accepted_variants() if kind == ACCEPTED else subject.exercise.mistake_variants()
    known: dict[str, str] = {}
    for variant in variants:
        where, sentence = (
            subject.place_of(f"{kind}{variant.name}"),
            sentence_of(variant.files[subject.exercise.main_file]),
        )
        if not sentence.endswith("."):
            yield Flaw(
                where, f"does not begin with a docstring that says {about}", "write one sentence, with full stop"
            )
        elif sentence in known:
            yield Flaw(where, f"begins with the same sentence as `{known[sentence]}`", f"say {about}")
        known.setdefault(sentence, variant.name)


def _right(subject: Subject) -> list[str]:
    return [REFERENCE, *(f"{ACCEPTED}{variant.name}" for variant in subject.exercise.accepted_variants())]


def _code(tree: ast.Module) -> list[ast.stmt]:
    return tree.body[0 if ast.get_docstring(tree) is None else 1 :]


def _told(card: Scorecard, outcome: Outcome) -> str:
    """Return what the checks with an outcome say, or what is said of the whole."""
    checks = [check for check in card.checks if check.outcome is outcome]
    return "\n".join(f"{check.title}\n  {check.message}" for check in checks) or card.message
