"""Rules about the known mistakes: declared, exact, and told in their own words."""

from collections.abc import Iterator
from typing import Final

from proctor.errors import CourseError
from proctor.scorecard import Status
from proctor.verify.finding import Flaw
from proctor.verify.known_answers import MISTAKE
from proctor.verify.rules.right_answers import sentences_are_their_own
from proctor.verify.subject import Subject

__all__ = ["GRADED_RULES", "RULES"]

LEAST_MISTAKES: Final = 5


def mistakes_are_declared_one_to_one(subject: Subject) -> Iterator[Flaw]:
    """Every mistake in the folder is declared in `mistakes.toml`, and every declared one is in the folder."""
    path = subject.exercise.grader / "mistakes.toml"
    try:
        declared = subject.exercise.mistakes
    except CourseError as error:
        if path.is_file():
            what = "is not as it should be"
            yield Flaw(subject.place(path), what, "correct the declaration", str(error).partition(":")[2].strip())
        return
    names = {variant.name for variant in subject.exercise.mistake_variants()}
    for name in sorted(names - set(declared)):
        remedy = f"declare it in `{subject.place(path)}`: which checks it fails, and what its author should read"
        yield Flaw(subject.place_of(f"{MISTAKE}{name}"), "is not declared", remedy)
    for name in declared:
        if name not in names:
            what = f"declares `{name}`, of which there is no answer in `mistakes/`"
            yield Flaw(subject.place(path), what, "write the wrong answer, or delete the entry")


def there_are_five_mistakes(subject: Subject) -> Iterator[Flaw]:
    """There are at least five known mistakes."""
    count = len(subject.exercise.mistake_variants())
    if count < LEAST_MISTAKES:
        where = subject.place(subject.exercise.grader / "mistakes")
        yield Flaw(where, f"holds {count} mistakes; it takes {LEAST_MISTAKES}", "write what learners get wrong")


def mistakes_say_what_is_wrong(subject: Subject) -> Iterator[Flaw]:
    """Every mistake begins with one sentence, its own, on what is wrong with it."""
    yield from sentences_are_their_own(subject, MISTAKE, "what is wrong with it")


def mistakes_name_checks(subject: Subject) -> Iterator[Flaw]:
    """A mistake declares checks that exist, each once."""
    known, where = {check.id for check in subject.checks}, subject.place(subject.exercise.grader / "mistakes.toml")
    for name, mistake in subject.mistakes.items():
        for check in dict.fromkeys(mistake.fails):
            if check not in known:
                what = f"`{name}` declares that it fails `{check}`, and there is no such check"
                yield Flaw(where, what, "name the checks as their functions are named, without `test_`")
            elif mistake.fails.count(check) > 1:
                yield Flaw(where, f"`{name}` declares `{check}` more than once", "name it once")


def every_check_is_lost_by_a_mistake(subject: Subject) -> Iterator[Flaw]:
    """Every check is lost by some known mistake: nobody has seen one at work that nothing fails."""
    lost = {name for mistake in subject.mistakes.values() for name in mistake.fails}
    for check in subject.checks if lost else ():
        if check.id not in lost:
            what = f"no known mistake loses the check `{check.id}`, so nobody knows whether it sees anything"
            yield Flaw(check.place, what, "write a mistake that loses it, or delete it")


def mistakes_lose_what_they_declare(subject: Subject) -> Iterator[Flaw]:
    """A mistake loses exactly the checks that it declares."""
    for name, card in subject.decided(MISTAKE).items():
        mistake = subject.mistakes.get(name.removeprefix(MISTAKE))
        if card.status is Status.UNREADABLE:
            what = "the mistake cannot be loaded, so nothing is known of its checks"
            yield Flaw(subject.place_of(name), what, "correct it: a mistake is code that runs", card.message)
        elif mistake is not None:
            failed = {check.id: check.message for check in card.failed}
            spared = [check for check in mistake.fails if check not in failed]
            more = [check for check in failed if check not in mistake.fails]
            if not spared and not more:
                continue
            parts = [("passes", "which it should fail", spared), ("fails", "which it does not declare", more)]
            what = "the mistake " + ", and ".join(
                f"{verb} {', '.join(f'`{check}`' for check in checks)}, {why}" for verb, why, checks in parts if checks
            )
            remedy = "sharpen the check that passes, relax the one that fails, or correct `fails` in `mistakes.toml`"
            yield Flaw(subject.place_of(name), what, remedy, "\n".join(f"{one}: {failed[one]}" for one in more))


def mistakes_show_their_sentence(subject: Subject) -> Iterator[Flaw]:
    """Whoever makes a mistake reads the sentence, and the link, that are declared for it."""
    for name, card in subject.decided(MISTAKE).items():
        mistake = subject.mistakes.get(name.removeprefix(MISTAKE))
        told = [check.message for check in card.failed]
        if mistake is None or card.status is Status.UNREADABLE:
            continue
        if not any(mistake.says in message and str(mistake.link) in message for message in told):
            others = sorted({check.mistake for check in card.failed if check.mistake})
            instead = f", but that of {', '.join(f'`{other}`' for other in others)}" if others else ", nor any other"
            remedy = "correct `fails`, or add to `seen` what only this mistake's messages contain"
            yield Flaw(
                subject.place_of(name), f"its author does not read its sentence{instead}", remedy, "\n".join(told)
            )


RULES: Final = (
    mistakes_are_declared_one_to_one,
    there_are_five_mistakes,
    mistakes_say_what_is_wrong,
    mistakes_name_checks,
    every_check_is_lost_by_a_mistake,
)
GRADED_RULES: Final = (mistakes_lose_what_they_declare, mistakes_show_their_sentence)
