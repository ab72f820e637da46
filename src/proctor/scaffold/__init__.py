"""Begins an exercise: everything that it takes, in place and ready to be filled in.

``skeleton.py`` renders the files of ``templates/``, ``course_file.py`` enters the exercise into ``course.toml``, and
``new_exercise.py`` refuses what cannot be, puts all of it in place at once, and says what comes next.
"""

from proctor.errors import UsageError

try:
    from proctor.scaffold.new_exercise import Wish, new_exercise
except ModuleNotFoundError as error:  # learners and their services do without it
    reason = f"{error.name} is not installed, which leaves `course.toml` as it is written: `nox -s new` has it"
    raise UsageError(reason) from None

__all__ = ["Wish", "new_exercise"]
