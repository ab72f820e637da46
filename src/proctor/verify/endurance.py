"""One run of repetition over a course. No rule of the audit is asked, no mutant graded: it is a question of its own."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import monotonic

from proctor import __version__
from proctor.isolation.protection import Isolation, choose
from proctor.verify.examination import Phase, in_silence
from proctor.verify.finding import Finding, Flaw, Weight
from proctor.verify.known_answers import shown_place, tasks_of_all
from proctor.verify.reading import Reading, read_course
from proctor.verify.repetition import Repeated, Repetition, Unstable, repeat
from proctor.verify.report import ExerciseReport, VerifyReport
from proctor.verify.stopwatch import Stopwatch
from proctor.verify.subject import Subject

__all__ = ["endure"]


def endure(
    root: Path,
    slugs: Sequence[str],
    repetition: Repetition,
    progress: Phase = in_silence,
    told: Callable[[str], None] = lambda _line: None,
) -> VerifyReport:
    """Repeat the known answers of the named exercises of a course, or of all; return which checks are unstable.

    ``progress`` opens a bar, ``told`` hears a line after every round, for logs that show no bar.

    Raises UsageError for an unknown exercise, CourseError when the list of exercises cannot be read.
    """
    begun, reading, watch = monotonic(), read_course(root), Stopwatch()
    chosen = reading.select(slugs)
    exercises = [reading.exercises[slug] for slug in chosen if slug in reading.exercises]
    with progress() as heard:
        watch.start()
        protection = choose(Isolation.AUTO)
        came = repeat(
            tasks_of_all(exercises),
            repetition,
            protection=protection,
            progress=watch.hearing(heard),
            told=lambda number: told(f"round {number} of {repetition.rounds} is done"),
        )
    unreadable = [reading.unreadable[slug] for slug in chosen if slug in reading.unreadable]
    return VerifyReport(
        proctor=__version__,
        seconds=round(monotonic() - begun, 1),
        in_course=len(reading.order),
        exercises=tuple(_report(reading, slug, repetition, watch) for slug in chosen),
        findings=(*unreadable, *_findings(reading, came)),
        rules={rule.__name__: rule.__doc__ or "" for rule in (outcomes_are_constant, every_answer_is_graded)},
    )


def outcomes_are_constant(where: str, one: Unstable) -> Flaw:
    """On the same answer a check comes out the same, whatever was drawn, and whatever else the machine does."""
    what = f"the check `{one.check}` does not always come out the same on this answer: {one.counted}"
    remedy = "have it wait for an event, and ask for nothing that depends on time, order or what was drawn"
    said = "\n".join(f"{outcome}: {message}" for outcome, message in one.messages.items() if message)
    return Flaw(where, what, remedy, said, Weight.OURS if one.is_ours else Weight.FAULT)


def every_answer_is_graded(where: str, message: str) -> Flaw:
    """Every known answer is graded in every round."""
    return Flaw(where, "was not graded", message, weight=Weight.NOTE)


def _findings(reading: Reading, came: Repeated) -> Iterator[Finding]:
    for one in came.unstable:
        slug, place = _place(reading, one.answer)
        yield outcomes_are_constant(place, one).found_in(slug, outcomes_are_constant.__name__)
    for key, message in came.ungraded.items():
        slug, place = _place(reading, key)
        yield every_answer_is_graded(place, message).found_in(slug, every_answer_is_graded.__name__)


def _place(reading: Reading, key: str) -> tuple[str, str]:
    """Return the exercise of an answer, and where it lies."""
    slug, _, answer = key.partition("/")
    return slug, shown_place(reading.exercises[slug], answer)


def _report(reading: Reading, slug: str, repetition: Repetition, watch: Stopwatch) -> ExerciseReport:
    if slug not in reading.exercises:
        return ExerciseReport(exercise=slug)
    exercise = reading.exercises[slug]
    return ExerciseReport(
        exercise=slug,
        checks=len(Subject(exercise, reading.order).checks),
        accepted=len(exercise.accepted_variants()),
        mistakes=len(exercise.mistake_variants()),
        repetitions=repetition.rounds,
        seconds=round(watch.seconds.get(slug, 0.0), 1),
    )
