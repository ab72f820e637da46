"""The exercise that a command is about: the one that is named, or else the one that the learner works at."""

from proctor.catalog import Course, Exercise
from proctor.learner.progress import Progress

__all__ = ["current_exercise", "exercise_to_do"]


def current_exercise(course: Course, progress: Progress, slug: str = "") -> Exercise:
    """Return the named exercise, or that of the learner's place, or the first one.

    Raises UsageError for an unknown name, with the near miss.
    """
    if slug:
        return course.exercise(slug)
    known = {exercise.slug: exercise for exercise in course}
    return known.get(progress.place) or next(iter(known.values()))


def exercise_to_do(course: Course, progress: Progress, slug: str = "") -> Exercise:
    """Return the same, but the first one that was never solved where nothing is named and the place is solved."""
    exercise = current_exercise(course, progress, slug)
    if slug or not progress.has_passed(exercise.slug):
        return exercise
    return next((one for one in course if not progress.has_passed(one.slug)), exercise)
