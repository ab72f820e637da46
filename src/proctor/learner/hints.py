"""The three hints of an exercise, one after another: a nudge, a pointer, the near-answer."""

from collections.abc import Iterator

from proctor.catalog import Exercise
from proctor.learner.progress import Progress

__all__ = ["hint_lines", "next_hint"]


def next_hint(exercise: Exercise, progress: Progress) -> int:
    """Show one hint more, and remember it. Return how many are shown now."""
    shown = min(progress.hints_shown(exercise.slug) + 1, len(exercise.manifest.hints))
    progress.show_hints(exercise.slug, shown)
    return shown


def hint_lines(exercise: Exercise, shown: int, another: str = "") -> Iterator[str]:
    """Yield the hints that are shown, and what there is beyond them; ``another`` is what shows one more."""
    hints = exercise.manifest.hints
    for number, hint in enumerate(hints[:shown], 1):
        yield f"Hint {number} of {len(hints)}: {hint}"
        yield ""
    if shown < len(hints):
        yield f"{another or f'`nox -s hint -- {exercise.slug}`'} shows one more."
    elif not exercise.may_have_solution:
        yield "These are all. The solution is your teacher's."
    else:
        yield f"These are all. `nox -s solution -- {exercise.slug} --give-up` shows a right answer, and is remembered."
