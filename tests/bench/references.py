"""The references, graded in fresh processes: one exercise (*one*), and all that plain pytest can grade too (*course*).

- ``proctor grade`` grades across a process boundary, with a fresh stage per check.
- ``plain pytest`` runs as many equivalent checks (`tests/bench/plain`) with httpx in the submission's own process.
- the floor (`tests.bench.floor`) is a fork per check that imports the submission and performs the same requests.
- ``proctor watch`` (`tests.bench.saves`) is timed in *one*, from a saved file to its verdict on the screen.
"""

import json
import os
import statistics
import sys
import tomllib
from dataclasses import asdict
from importlib.util import find_spec
from typing import Any, Final

from tests.bench.contests import Contestant, contest, figures_of
from tests.bench.measuring import ROOT, Run, Spread
from tests.bench.plain_pytest import checks_file, plain_pytest

__all__ = ["EXERCISE", "FLOOR", "FORKS", "GRADE", "LANES", "PLAIN", "WATCH", "reference_figures", "slugs"]

EXERCISE: Final = "middleware-onion"
SAVES: Final = 50
"""How often the exercise is saved in a round."""

GRADE, WATCH = "`proctor grade`", "`proctor watch`"
PLAIN, LANES = "plain pytest", "plain pytest, `-n 2`"
FLOOR, FORKS = "floor, with its start-up", "floor, the forks alone"


def slugs() -> list[str]:
    """Return the exercises of the course whose checks are there as plain pytest, too."""
    course = tomllib.loads((ROOT / "exercises" / "course.toml").read_text(encoding="utf-8"))
    everything = [slug for chapter in course["chapters"] for slug in chapter["exercises"]]
    return [slug for slug in everything if (ROOT / checks_file(slug)).is_file()]


def reference_figures(section: str, rounds: int) -> dict[str, Any]:
    """Return how many checks there are, and the figures of all contestants."""
    runs = contest(section, _one() if section == "one" else _course(), rounds)
    told = [json.loads(run.output) for run in runs[FLOOR]]
    runs[FORKS] = [Run(each["wall_s"], each["cpu_s"], None) for each in told]
    figures: dict[str, Any] = {"checks": told[0]["checks"]}
    if WATCH in runs:
        saves: list[list[float]] = [json.loads(run.output)["seconds"] for run in runs[WATCH]]
        runs[WATCH] = [Run(statistics.median(seconds), None, None) for seconds in saves]
        slowest = (_all_but_slowest(seconds) / run.wall for seconds, run in zip(saves, runs[PLAIN], strict=True))
        figures["slow_save_to_plain"] = asdict(Spread.of(slowest))
    return {**figures, "contestants": figures_of(runs, plain=PLAIN, floor=FLOOR)}


def _all_but_slowest(seconds: list[float]) -> float:
    """Return the time that 95 of 100 saves keep within."""
    return sorted(seconds)[len(seconds) * 95 // 100 - 1]


def _one() -> dict[str, Contestant]:
    warm = Contestant([sys.executable, "-m", "tests.bench.saves", EXERCISE, str(SAVES)])
    return _contestants([EXERCISE]) | {WATCH: warm}


def _course() -> dict[str, Contestant]:
    contestants = _contestants(slugs())
    if find_spec("xdist") is not None:
        contestants[LANES] = Contestant(plain_pytest(slugs(), "-p", "xdist", "-n", "2"))
    return contestants


def _contestants(exercises: list[str]) -> dict[str, Contestant]:
    at_once = min(os.cpu_count() or 1, len(exercises))  # as many as Proctor has under way
    grade = [sys.executable, "-m", "proctor", "grade", *exercises, "--submission", "solutions"]
    floor = [sys.executable, "-m", "tests.bench.floor", str(at_once), *exercises]
    return {GRADE: Contestant(grade), PLAIN: Contestant(plain_pytest(exercises)), FLOOR: Contestant(floor)}
