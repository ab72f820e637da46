"""Mutants of the right answers, as an audit sees them: how many there are, and which of them nobody has noticed."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from proctor.catalog import Exercise
from proctor.errors import CourseError, UsageError
from proctor.grade import Progress
from proctor.verify.finding import Finding, Flaw, Weight
from proctor.verify.known_answers import shown_place
from proctor.verify.report import MutantCounts
from proctor.verify.transcript import SEED

if TYPE_CHECKING:
    from proctor.verify.mutants import Finding as Found
    from proctor.verify.mutants import Findings

__all__ = ["RULES", "insist_on_library", "kill_mutants"]

SHOWN_CHECKS: Final = 3


def every_mutant_is_killed(findings: "Findings") -> Iterator[Flaw]:
    """Every mutant of a right answer is seen by some check, or listed as equivalent with a reason."""
    for one in findings.mutants:
        if one.fate == "survived":
            suspects = ", ".join(f"`{check}`" for check in one.checks[:SHOWN_CHECKS])
            see = f"have it seen by a check, perhaps by {suspects}" if suspects else "write a check that sees it"
            remedy = (
                f"{see}; if nobody can tell the difference, list `{one.mutant.id}` in `{_listed(findings.exercise)}`"
            )
            what = f"no check notices that, {one.mutant.description}"
            yield Flaw(_where(findings, one), what, remedy, _diff(one))


def every_mutant_is_decided(findings: "Findings") -> Iterator[Flaw]:
    """On every mutant there is a verdict."""
    for one in findings.mutants:
        if one.fate == "error":
            what = f"the mutant `{one.mutant.id}` could not be decided"
            yield Flaw(_where(findings, one), what, "try it again", one.message, Weight.OURS)


def no_equivalent_is_stale(findings: "Findings") -> Iterator[Flaw]:
    """Every entry in the list of equivalent mutants names one that there is."""
    for variant, name in findings.stale:
        what = f"lists `{name}` of `{variant}`, and there is no such mutant any more"
        yield Flaw(_listed(findings.exercise), what, "delete the entry; if the code has only moved, list its new name")


def no_equivalent_is_killed(findings: "Findings") -> Iterator[Flaw]:
    """No check can tell a mutant that is listed as equivalent from the right answer."""
    for one in findings.contradicted:
        seen_by = ", ".join(f"`{check}`" for check in one.checks[:SHOWN_CHECKS])
        what = f"lists `{one.mutant.id}` of `{one.variant}` as equivalent, and it is seen by {seen_by}"
        yield Flaw(_listed(findings.exercise), what, "delete the entry: it is no longer needed", _diff(one))


def equivalents_can_be_read(exercise: Exercise, error: CourseError) -> Flaw:
    """The list of equivalent mutants has a reason and the answers for each."""
    first, _, fields = str(error).partition("\n")
    what = "the list of equivalent mutants is not as it should be"
    return Flaw(_listed(exercise), what, "correct it; no mutant was graded", fields or first)


RULES: Final = (every_mutant_is_killed, every_mutant_is_decided, no_equivalent_is_stale, no_equivalent_is_killed)


def insist_on_library() -> None:
    """Raise UsageError where libcst is not installed, which makes mutants: learners and their services do without."""
    if find_spec("libcst") is None:
        raise UsageError(
            "libcst is not installed, which makes mutants: `nox -s verify` has it, `--no-mutants` needs none"
        )


def kill_mutants(
    exercise: Exercise, memory: Path | None, progress: Progress = lambda _verdict, _total: None
) -> tuple[MutantCounts | None, list[Finding]]:
    """Grade the mutants of an exercise; return how many met which fate, and what is wrong with that."""
    from proctor.verify.mutants import Fate, find_survivors  # noqa: PLC0415 - see `insist_on_library`

    try:
        (findings,) = find_survivors([exercise], memory=memory, seed=SEED, progress=progress)
    except CourseError as error:
        flaw = equivalents_can_be_read(exercise, error)
        return None, [flaw.found_in(exercise.slug, equivalents_can_be_read.__name__)]
    counts = MutantCounts(
        killed=len(findings.of(Fate.KILLED)),
        equivalent=len(findings.of(Fate.EQUIVALENT)),
        survived=len(findings.of(Fate.SURVIVED)),
        undecided=len(findings.of(Fate.ERROR)),
    )
    return counts, [flaw.found_in(exercise.slug, rule.__name__) for rule in RULES for flaw in rule(findings)]


def _diff(one: "Found") -> str:
    """Return the diff without the two lines that name its file, which is told before."""
    return "\n".join(one.mutant.diff.splitlines()[2:])


def _where(findings: "Findings", one: "Found") -> str:
    return f"{shown_place(findings.exercise, one.variant)}, `{one.mutant.place}`"


def _listed(exercise: Exercise) -> str:
    return (exercise.grader / "equivalent.toml").relative_to(exercise.root).as_posix()
