"""Looks at this machine, this course folder and this terminal, and says what mends whatever is wrong with them.

Each section is a file of its own and yields findings (`finding.py`) as it comes to them; `show.py` prints them.
Isolation comes last: it starts processes, and a layer that is there and does not hold ends the examination.
"""

from collections.abc import Iterator
from pathlib import Path

from proctor.isolation.protection import Protection
from proctor.learner.doctor.course import examine_course, find_course
from proctor.learner.doctor.environment import examine_environment
from proctor.learner.doctor.finding import Finding, Kind, Section
from proctor.learner.doctor.isolation import examine_isolation
from proctor.learner.doctor.progress import examine_progress
from proctor.learner.doctor.python import examine_python
from proctor.learner.doctor.show import show, to_lines
from proctor.learner.doctor.terminal import examine_terminal
from proctor.learner.doctor.watching import examine_watching

__all__ = ["Finding", "Kind", "Section", "examine", "examine_isolation", "show", "to_lines"]


def examine(start: Path, protection: Protection) -> Iterator[Section]:
    """Yield every section, for the course at or above ``start``.

    Iterating the last one raises StageLost when a layer of isolation is there and does not hold.
    """
    root = find_course(start)
    yield examine_python(root)
    yield examine_environment(root)
    yield examine_course(start)
    yield examine_terminal()
    if root is not None:
        yield examine_watching(root / "exercises")
        yield examine_progress(root)
    yield examine_isolation(protection)
