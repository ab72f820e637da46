"""One run over a course: what is unchanged is left alone, the rest is graded together and then judged by rule."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Final

from proctor import __version__
from proctor.grade import Progress
from proctor.verify import killing
from proctor.verify.audit import GRADED_RULES, RULES, audit, grade_answers
from proctor.verify.finding import Finding
from proctor.verify.killing import insist_on_library, kill_mutants
from proctor.verify.other_words import judge_other_words, other_words_are_as_right
from proctor.verify.reading import Reading, every_folder_is_an_exercise, read_course, the_manifest_is_well_formed
from proctor.verify.report import ExerciseReport, MutantCounts, VerifyReport
from proctor.verify.rules.right_answers import are_right
from proctor.verify.rules.transcripts import can_be_recorded
from proctor.verify.stopwatch import Stopwatch
from proctor.verify.subject import Subject
from proctor.verify.tools import TOOLS, examine_code
from proctor.verify.transcript import changes, path_of, record
from proctor.verify.unchanged import CleanRuns

__all__ = ["MEMORY", "Phase", "Wishes", "examine", "in_silence"]

MEMORY: Final = Path(".proctor", "verify")
"""Below the root of the course: what need not be graded again."""


@dataclass(frozen=True)
class Wishes:
    """How far a run goes: with mutants, with transcripts recorded anew, and with what has not changed since."""

    mutants: bool = True
    record: bool = False
    again: bool = False


WHOLE: Final = Wishes()
Phase = Callable[[], AbstractContextManager[Progress]]
"""Opens a bar that hears of verdicts for as long as a phase of the run lasts."""


def in_silence() -> AbstractContextManager[Progress]:
    """Open no bar."""
    return nullcontext(lambda _verdict, _total: None)


def examine(
    root: Path,
    slugs: Sequence[str] = (),
    wishes: Wishes = WHOLE,
    progress: Phase = in_silence,
    told: Callable[[str], None] = lambda _line: None,
) -> VerifyReport:
    """Examine the named exercises of a course, or all; return what was found.

    ``progress`` opens a bar for each phase, ``told`` hears a line when one is done, for logs that show no bar.
    Raises UsageError for an unknown exercise, CourseError when the list of exercises cannot be read.
    """
    begun = monotonic()
    if wishes.mutants:
        insist_on_library()
    reading = read_course(root)
    chosen = reading.select(slugs)
    clean = CleanRuns(root / MEMORY / "clean")
    reports = _unchanged(reading, chosen, clean, wishes)
    findings = [reading.unreadable[slug] for slug in chosen if slug in reading.unreadable]
    recorded: list[str] = []
    watch = Stopwatch()
    for subject, objections in _subjects(reading, [slug for slug in chosen if slug not in reports], watch, progress):
        exercise = subject.exercise
        if wishes.record and _record(subject, clean):
            recorded.append(subject.place(path_of(exercise)))
        found = [*audit(subject), *objections]
        counts, survivors = _mutants(subject, watch, progress) if wishes.mutants else (None, [])
        found += survivors
        report = _report(subject, counts, watch.seconds.get(exercise.slug, 0.0))
        if not found:
            clean.keep(exercise, report)
        reports[exercise.slug] = report
        findings += found
        told(f"{exercise.slug} is examined, in {report.seconds:.0f} s")
    if not slugs:
        findings += every_folder_is_an_exercise(reading)
    return VerifyReport(
        proctor=__version__,
        seconds=round(monotonic() - begun, 1),
        in_course=len(reading.order),
        exercises=tuple(reports.get(slug, ExerciseReport(exercise=slug)) for slug in chosen),
        findings=tuple(findings),
        recorded=tuple(recorded),
        rules=_sentences(),
    )


def _unchanged(reading: Reading, chosen: Sequence[str], clean: CleanRuns, wishes: Wishes) -> dict[str, ExerciseReport]:
    """Return what the last runs said of exercises that were clean then and have not changed since."""
    reports: dict[str, ExerciseReport] = {}
    for exercise in (reading.exercises[slug] for slug in chosen if slug in reading.exercises):
        clean.look_at(exercise)
        report = None if wishes.again else clean.recall(exercise, mutants=wishes.mutants)
        if report is not None:
            reports[exercise.slug] = report
    return reports


def _record(subject: Subject, clean: CleanRuns) -> bool:
    """Write the transcript anew if it is another now, which is no change of the exercise. Tell whether it was."""
    exercise = subject.exercise
    if not can_be_recorded(subject) or changes(exercise, subject.cards) == []:
        return False
    is_as_it_was = clean.is_as_it_was(exercise)
    record(exercise, subject.cards)
    if is_as_it_was:
        clean.look_at(exercise)
    return True


def _subjects(
    reading: Reading, chosen: Sequence[str], watch: Stopwatch, progress: Phase
) -> Iterator[tuple[Subject, list[Finding]]]:
    """Grade all answers in one run and have the tools look at the code meanwhile; yield what came of each exercise."""
    exercises = [reading.exercises[slug] for slug in chosen if slug in reading.exercises]
    with ThreadPoolExecutor(1) as beside, progress() as heard:
        objections = beside.submit(examine_code, reading.root, exercises)
        watch.start()
        cards = grade_answers(exercises, watch.hearing(heard))
    for exercise in exercises:
        own = [finding for finding in objections.result() if finding.exercise == exercise.slug]
        yield Subject(exercise, reading.order, cards[exercise.slug]), own


def _mutants(subject: Subject, watch: Stopwatch, progress: Phase) -> tuple[MutantCounts | None, list[Finding]]:
    """Grade the mutants, unless the right answers are not right: then it would prove nothing."""
    if not are_right(subject):
        return None, []
    watch.start()
    with progress() as heard:
        counts, findings = kill_mutants(subject.exercise, subject.exercise.root / MEMORY / "mutants", heard)
        findings += judge_other_words(subject.exercise, heard)
    watch.lap(subject.exercise.slug)
    return counts, findings


def _report(subject: Subject, counts: MutantCounts | None, seconds: float) -> ExerciseReport:
    return ExerciseReport(
        exercise=subject.exercise.slug,
        checks=len(subject.checks),
        accepted=len(subject.exercise.accepted_variants()),
        mistakes=len(subject.exercise.mistake_variants()),
        mutants=counts,
        seconds=round(seconds, 1),
    )


def _sentences() -> dict[str, str]:
    """Return the sentence of every rule, by its name."""
    rules = (
        *RULES,
        *GRADED_RULES,
        *killing.RULES,
        killing.equivalents_can_be_read,
        other_words_are_as_right,
        the_manifest_is_well_formed,
        every_folder_is_an_exercise,
    )
    return {rule.__name__: rule.__doc__ or "" for rule in rules} | {tool.rule: tool.sentence for tool in TOOLS}
