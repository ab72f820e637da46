"""Proctor on a class: how it is called, and the figures that it is measured by without anybody beside it."""

import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from tests.bench.classes import make_class
from tests.bench.measuring import MB, Run, Spread, environment, measure, say

__all__ = ["grade_class", "grade_class_once", "proctor_figures"]


def grade_class(folder: Path, kinds: Sequence[str] = ()) -> list[str]:
    """Return the command that grades a class, or some kinds of its submissions."""
    return [sys.executable, "-m", "tests.bench.grade_class", str(folder), *kinds]


@cache
def grade_class_once(slug: str, size: int) -> dict[str, Any]:
    """Grade a class of that size. It takes minutes, so all sections share what comes of it."""
    say(f"Proctor alone on a class of {size}")
    with tempfile.TemporaryDirectory() as folder:
        make_class(Path(folder), slug, size)
        return proctor_figures([measure(grade_class(Path(folder)), environment())])


def proctor_figures(runs: Sequence[Run]) -> dict[str, Any]:
    """Return milliseconds of wall and processor time for each submission, and the memory of the coordinator."""
    told: list[dict[str, Any]] = [json.loads(run.output) for run in runs]
    size: int = told[0]["submissions"]
    return {
        "submissions": size,
        "statuses": told[0]["statuses"],
        "checks": told[0]["checks"],
        "wall_s": asdict(Spread.of(run.wall for run in runs)),
        "wall_ms_a_submission": asdict(Spread.of(run.wall / size * 1000 for run in runs)),
        "cpu_ms_a_submission": asdict(Spread.of((run.cpu or 0.0) / size * 1000 for run in runs)),
        "coordinator_peak_mb": _megabytes([each["peak_bytes"] for each in told]),
        "coordinator_pss_mb": _megabytes([each["pss_bytes"] for each in told]),
        "largest_process_mb": _megabytes([run.memory for run in runs]),
    }


def _megabytes(sizes: Sequence[int | None]) -> dict[str, float] | None:
    known = [size / MB for size in sizes if size is not None]
    return asdict(Spread.of(known)) if known else None
