"""Figures that only Proctor itself can give: how long a check takes, and how much memory a stage has of its own.

``python -m tests.bench.inside checks|layers|memory|neighbours ROUNDS`` prints one JSON object. All figures are taken in
one process, with the stages warm.
"""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from tests.bench.layers import time_layers, time_neighbours

from proctor.catalog import Course, load_course
from proctor.checks.plugin import THEATRE
from proctor.checks.theatre import Theatre
from proctor.grade import Task, grade
from proctor.isolation.launcher import Ending, Seat
from proctor.isolation.layers import Layer
from proctor.isolation.protection import Isolation, choose
from proctor.scorecard import Scorecard, Status
from proctor.submission import read_files, read_submission

ROOT: Final = Path(__file__).parents[2]

MISTAKES: Final = {
    "middleware-onion": ["added_in_reading_order"],
    "cors-desk": ["star_with_credentials"],
    "override-switchboard": ["no_finally"],
    "coroutine-or-function": ["steps_run_together", "function_on_the_loop"],
    "background-receipt": ["mail_before_ledger", "waits_in_the_endpoint", "blocking_call_on_the_loop"],
}
"""Wrong answers that stand for the others, by exercise."""

BLOCKING: Final = frozenset({"function_on_the_loop", "blocking_call_on_the_loop"})
"""Those that block their own event loop. An in-process test of them waits until its time is out."""


# Checks


def time_checks(course: Course) -> dict[str, Any]:
    """Grade references and mistakes in one run, and return the seconds that the checks of each took together."""
    exercises = [course.exercise(slug) for slug in MISTAKES]
    first = min(exercises, key=lambda exercise: exercise.slug)
    # The first check of every lane waits for the warm server, so it is one that does not count.
    tasks = [Task(f"warm-up {lane}", read_submission(first, first.solution)) for lane in range(os.cpu_count() or 1)]
    for exercise in exercises:
        tasks.append(Task(exercise.slug, read_submission(exercise, exercise.solution)))
        tasks += [
            Task(f"{exercise.slug}/{variant.name}", read_files(exercise, variant.files))
            for variant in exercise.mistake_variants()
            if variant.name in MISTAKES[exercise.slug]
        ]
    cards = dict(zip((task.key for task in tasks), grade(tasks), strict=True))
    for key, card in cards.items():
        _insist_on_a_sound_verdict(key, card)
    return {
        slug: {
            "checks": len(cards[slug].checks),
            "right_s": cards[slug].duration_s,
            "wrong_s": {name: cards[f"{slug}/{name}"].duration_s for name in names},
        }
        for slug, names in MISTAKES.items()
    }


def _insist_on_a_sound_verdict(key: str, card: Scorecard) -> None:
    is_mistake = "/" in key
    if card.status is not Status.GRADED or card.is_complete is is_mistake:
        raise RuntimeError(f"{key} got {card.score} points ({card.status}): what took so long was not what is compared")


# Memory


class _Scales(Theatre):
    """Weighs every stage when its check is over, before it is ended; `weights` are the largest, by exercise."""

    def __init__(self) -> None:
        # Without the layers that hide processes from whoever wants to weigh them.
        super().__init__(choose(Isolation.AUTO, [Layer.VIEW, Layer.PRIVILEGES]))
        self.weights: dict[str, dict[str, int]] = {}
        self._exercise = ""

    def pytest_configure(self, config: pytest.Config) -> None:
        """Have the checks take their stages from here."""
        config.stash[THEATRE] = self

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Note whose check comes next."""
        self._exercise = item.path.parent.name

    def end(self, seat: Seat) -> Ending:
        weight = _weigh(seat.pid)
        if weight["private"] > self.weights.get(self._exercise, {"private": 0})["private"]:
            self.weights[self._exercise] = weight
        return super().end(seat)


def weigh_stages(course: Course) -> dict[str, Any]:
    """Run the checks of every reference; return the memory of the largest stage at the end of a check."""
    if not Path("/proc/self/smaps_rollup").exists():
        return {}
    arguments = ["--disable-plugin-autoload", "-p", "pytest_asyncio.plugin", "-p", "proctor.checks.plugin"]
    arguments += ["-p", "no:terminal", "-p", "no:cacheprovider", "--assert=plain", "--import-mode=importlib"]
    arguments += ["-c", os.devnull, f"--rootdir={ROOT}", "-o", "asyncio_mode=auto"]
    arguments += ["-o", "asyncio_default_fixture_loop_scope=function", f"--submission={ROOT / 'solutions'}"]
    with _Scales() as scales:
        status = pytest.main([*arguments, *(str(exercise.grader) for exercise in course)], plugins=[scales])
    if status is not pytest.ExitCode.OK:
        raise RuntimeError(f"the checks of the references ended with {status!r}")
    return scales.weights


def _weigh(pid: int) -> dict[str, int]:
    """Read the memory of a process.

    Source: https://docs.kernel.org/filesystems/proc.html, ``/proc/<pid>/smaps_rollup``
    """
    sizes: dict[str, int] = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]:
        name, size, _ = line.split()
        sizes[name] = int(size) * 1024
    return {"private": sizes["Private_Clean:"] + sizes["Private_Dirty:"], "pss": sizes["Pss:"]}


FIGURES: Final[dict[str, Callable[[Course], dict[str, Any]]]] = {
    "checks": time_checks,
    "layers": time_layers,
    "memory": weigh_stages,
    "neighbours": time_neighbours,
}


def main() -> None:
    """Take the figures so many times."""
    course = load_course(ROOT)
    take = FIGURES[sys.argv[1]]
    rounds = [take(course) for _ in range(int(sys.argv[2]))]
    print(json.dumps({"rounds": rounds, "blocking": sorted(BLOCKING)}))


if __name__ == "__main__":
    main()
