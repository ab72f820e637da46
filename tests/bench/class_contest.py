"""A class, graded by Proctor and by others (*class*).

- Proctor grades all of it, and once more without those that hang, which the others never meet.
- ``plain pytest`` takes the plain checks, isolates nothing and has no time-out: hanging submissions, which only a
  time-out ends, are left out. It has a process per submission, or processes that submissions share (pytest-xdist).
- the floor (`tests.bench.class_floor`) forks for every check, or for every submission. It performs the right answers
  alone; what its forks take is scaled to the whole class.

Larger classes are graded by Proctor alone.
"""

import json
import os
import re
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from tests.bench.classes import Kind, kinds_of, make_class
from tests.bench.contests import CHECKS_MAY_FAIL, Contestant, Runs, contest, figures_of
from tests.bench.measuring import Run
from tests.bench.plain_pytest import plain_pytest
from tests.bench.proctor_alone import grade_class, grade_class_once, proctor_figures
from tests.bench.references import EXERCISE

__all__ = [
    "CLASS_SIZES", "FLOOR_BY_CHECK", "FLOOR_BY_SUBMISSION", "PLAIN_CLASS", "PROCTOR", "PROCTOR_WITHOUT_HANGING",
    "class_figures",
]  # fmt: skip

CLASS_SIZES: Final = (30, 100, 1000)
CONTESTED: Final = 50
"""Submissions of the largest class that everybody grades, in every round."""

LONG_EXERCISE: Final = "override-switchboard"
"""One with more than ten checks. No wrong answer to it, or to the other, keeps an in-process check waiting."""

ENDING: Final = (Kind.RIGHT, Kind.WRONG, Kind.BROKEN)

PROCTOR, PROCTOR_WITHOUT_HANGING = "Proctor, all of them", "Proctor, hanging ones left out"
PLAIN_CLASS = "plain pytest, a process each, hanging ones left out"
PLAIN_SHARED = "plain pytest, `-n`, shared processes, hanging ones left out"
FLOOR_BY_CHECK = "floor, a fork per check, right ones alone, scaled"
FLOOR_BY_SUBMISSION = "floor, a fork per submission, right ones alone, scaled"


def class_figures(sizes: Sequence[int], rounds: int) -> dict[str, Any]:
    """Hold a contest for every small class, and have Proctor grade every larger one once."""
    small = sorted(size for size in set(sizes) if size <= CONTESTED)
    return {
        "contests": [_contest(slug, size, rounds) for size in small for slug in (EXERCISE, LONG_EXERCISE)],
        "alone": [grade_class_once(EXERCISE, size) for size in sorted({*sizes} - {*small})],
    }


def _contest(slug: str, size: int, rounds: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        drawn = make_class(Path(folder), slug, size)
        runs = contest(f"a class of {size}, {slug}", _contestants(slug, Path(folder)), rounds)
    if PLAIN_SHARED in runs:
        _insist_on_the_same_verdicts(runs)
    for name in (FLOOR_BY_CHECK, FLOOR_BY_SUBMISSION):
        runs[name] = [_scale(run, size) for run in runs[name]]
    proctor = proctor_figures(runs[PROCTOR])
    return {
        "exercise": slug,
        "size": size,
        "checks": proctor["checks"] // size,
        "kinds": kinds_of(size),
        "answers": drawn,
        "contestants": figures_of(runs, plain=PLAIN_CLASS, floor=FLOOR_BY_CHECK),
        "proctor": proctor,
    }


def _contestants(slug: str, folder: Path) -> dict[str, Contestant]:
    lanes = str(os.cpu_count() or 1)  # as many as Proctor has under way
    plain = [sys.executable, "-m", "tests.bench.plain_class", lanes, str(folder), *ENDING]
    floor = [sys.executable, "-m", "tests.bench.class_floor", lanes, str(folder)]
    contestants = {
        PROCTOR: Contestant(grade_class(folder)),
        PROCTOR_WITHOUT_HANGING: Contestant(grade_class(folder, ENDING)),
        PLAIN_CLASS: Contestant(plain),
    }
    if find_spec("xdist") is not None:
        contestants[PLAIN_SHARED] = Contestant(
            plain_pytest([slug], "-p", "xdist", "-n", lanes, "-p", "tests.bench.plain.whole_class"),
            {"PROCTOR_BENCH_CLASS": str(folder), "PROCTOR_BENCH_KINDS": " ".join(ENDING)},
            CHECKS_MAY_FAIL,
        )
    return contestants | {
        FLOOR_BY_CHECK: Contestant([*floor, "check"]),
        FLOOR_BY_SUBMISSION: Contestant([*floor, "submission"]),
    }


def _insist_on_the_same_verdicts(runs: Runs) -> None:
    """Raise RuntimeError unless as many checks pass in shared processes as in processes of their own."""
    passed = {_passed(run) for name in (PLAIN_CLASS, PLAIN_SHARED) for run in runs[name]}
    if len(passed) != 1:
        raise RuntimeError(f"plain pytest does not come to the same verdicts in shared processes: {passed} checks pass")


def _passed(run: Run) -> int:
    return sum(int(count) for count in re.findall(r"(\d+) passed", run.output))


def _scale(run: Run, size: int) -> Run:
    """Return a floor as if its forks had performed the whole class; it starts but once."""
    told: dict[str, Any] = json.loads(run.output)
    more = size / told["submissions"] - 1
    cpu = None if run.cpu is None else run.cpu + told["cpu_s"] * more
    return replace(run, wall=run.wall + told["wall_s"] * more, cpu=cpu)
