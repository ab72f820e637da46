"""Which mutants of the right answers do the checks of an exercise not see?

All mutants of an exercise are graded in one call, each to the first check that fails on it, which has killed it; that
it cannot be loaded, or never ends, kills it like anything else. A mutant about which nothing could be decided is our
fault, and neither killed nor alive.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from proctor.catalog import Exercise
from proctor.grade import FirstFailure, Task, find_first_failures
from proctor.isolation.protection import Protection
from proctor.verdict import Verdict
from proctor.verify.mutants.answers import task_of, texts_of_right_answers
from proctor.verify.mutants.equivalents import read_equivalents, stale_entries
from proctor.verify.mutants.memory import Memory
from proctor.verify.mutants.mutant import Mutant, meaning, mutants_of

__all__ = ["Fate", "Finding", "Findings", "find_survivors"]

SHOWN: Final = 3
"""Checks that are named at a survivor."""


class Fate(StrEnum):
    """What came of a mutant."""

    KILLED = "killed"
    SURVIVED = "survived"
    EQUIVALENT = "equivalent"
    ERROR = "error"


@dataclass(frozen=True)
class Finding:
    """What came of one mutant of one right answer.

    ``checks`` killed it, the first in every lane; where none did, they see other mutants of the same place, most often
    first. ``message`` says why nothing could be decided.
    """

    exercise: str
    variant: str
    mutant: Mutant
    fate: Fate
    checks: tuple[str, ...] = ()
    message: str = ""

    def __str__(self) -> str:
        lines = [f"{self.exercise}, {self.variant}: {self.mutant.description}", self.mutant.id, self.mutant.diff]
        if self.fate is Fate.SURVIVED:
            seen_by = ", ".join(self.checks[:SHOWN]) or "none"
            lines.append(f"checks that see other mutants of `{self.mutant.place}`: {seen_by}")
        return "\n".join([*lines, *([self.message] if self.message else [])])


@dataclass(frozen=True)
class Findings:
    """What came of all mutants of one exercise, and what is wrong with its list of equivalent ones.

    ``stale`` are entries, as variant and mutant, without such a mutant; ``contradicted`` are listed mutants that checks
    do see. ``graded`` counts those that were not known from an earlier run.
    """

    exercise: Exercise
    mutants: tuple[Finding, ...]
    stale: tuple[tuple[str, str], ...]
    contradicted: tuple[Finding, ...]
    graded: int

    def of(self, fate: Fate) -> list[Finding]:
        """Return the mutants with this fate."""
        return [finding for finding in self.mutants if finding.fate is fate]

    @property
    def is_clean(self) -> bool:
        """Is every mutant killed, or listed as equivalent with good reason?"""
        return not (self.of(Fate.SURVIVED) or self.of(Fate.ERROR) or self.stale or self.contradicted)


@dataclass(frozen=True)
class _Planted:
    """A mutant in one file of a right answer; ``texts`` are all its files."""

    variant: str
    mutant: Mutant
    texts: dict[str, str]


def find_survivors(
    exercises: Sequence[Exercise],
    *,
    protection: Protection | None = None,
    seed: int = 0,
    memory: Path | None = None,
    progress: Callable[[Verdict, int], None] = lambda _verdict, _total: None,
) -> list[Findings]:
    """Grade the mutants of the reference and of every accepted variant of these exercises; return what came of them.

    ``memory`` is a folder in which verdicts are kept for the next run; without one, every mutant is graded.
    ``progress`` hears of every verdict as it comes, and of how many there will be for this exercise.
    """
    return [_examine(exercise, Memory(memory, exercise), protection, seed, progress) for exercise in exercises]


def _examine(
    exercise: Exercise,
    memory: Memory,
    protection: Protection | None,
    seed: int,
    progress: Callable[[Verdict, int], None],
) -> Findings:
    planted, listed = list(_plant(exercise)), read_equivalents(exercise)
    pairs = {(variant, name) for name, entry in listed.items() for variant in entry.variants}
    tasks = [task_of(exercise, f"{one.variant} {one.mutant.id}", one.texts) for one in planted]
    new = [task for task in tasks if task.submission.digest not in memory.killers]
    failures = find_first_failures(new, protection=protection, seed=seed, progress=progress)
    decided = [task for task in tasks if task.key not in failures or not failures[task.key].undecided]
    killers = {task.submission.digest: _killers(failures, task, memory) for task in decided}
    memory.keep(killers)
    findings: list[Finding] = []
    for one, task in zip(planted, tasks, strict=True):
        seen_by = killers.get(task.submission.digest)
        fate = _fate(seen_by, is_listed=(one.variant, one.mutant.id) in pairs)
        message = failures[task.key].undecided if fate is Fate.ERROR else ""
        findings.append(Finding(exercise.slug, one.variant, one.mutant, fate, tuple(seen_by or ()), message))
    present = {(one.variant, one.mutant.id) for one in planted}
    return Findings(
        exercise,
        tuple(_with_suspects(finding, findings) for finding in findings),
        tuple(stale_entries(listed, present)),
        tuple(
            finding
            for finding in findings
            if finding.fate is Fate.KILLED and (finding.variant, finding.mutant.id) in pairs
        ),
        len(new),
    )


# Planting


def _plant(exercise: Exercise) -> Iterator[_Planted]:
    """Yield every mutant once, although right answers have much in common; none that is a right answer itself."""
    answers = texts_of_right_answers(exercise)
    meanings = {variant: {name: meaning(text) for name, text in texts.items()} for variant, texts in answers.items()}
    known = {tuple(senses.values()) for senses in meanings.values()}
    for variant, texts in answers.items():
        for name, text in texts.items():
            for mutant in mutants_of(text, name):
                sense = tuple({**meanings[variant], name: mutant.meaning}.values())
                if sense not in known:
                    known.add(sense)
                    yield _Planted(variant, mutant, {**texts, name: mutant.source})


# Judging


def _killers(failures: Mapping[str, FirstFailure], task: Task, memory: Memory) -> list[str]:
    return memory.killers[task.submission.digest] if task.key not in failures else list(failures[task.key].checks)


def _fate(seen_by: list[str] | None, *, is_listed: bool) -> Fate:
    if seen_by is None:
        return Fate.ERROR
    if seen_by:
        return Fate.KILLED
    return Fate.EQUIVALENT if is_listed else Fate.SURVIVED


def _with_suspects(finding: Finding, findings: Sequence[Finding]) -> Finding:
    """Name, at a survivor, the checks that should have seen it. From outside they can only be guessed."""
    if finding.fate is not Fate.SURVIVED:
        return finding
    counts = Counter(
        check
        for other in findings
        if other.fate is Fate.KILLED and other.mutant.place == finding.mutant.place
        for check in other.checks
    )
    checks = tuple(name for name, _ in counts.most_common())
    return Finding(finding.exercise, finding.variant, finding.mutant, finding.fate, checks, finding.message)
