"""Compares Proctor with plain pytest, and with the floor under both, in one run: `nox -s bench`.

*one* and *course* grade the references (`tests.bench.references`), *class* a class (`tests.bench.class_contest`): every
contestant is a fresh process, started in turn (`tests.bench.contests`). *growth* grades larger and larger classes
(`tests.bench.growth`). *checks*, *layers*, *neighbours* and *memory* come from inside Proctor (`tests.bench.inside`).
"""

import argparse
import json
import os
import platform
from collections.abc import Callable
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from tests.bench.class_contest import CLASS_SIZES, class_figures
from tests.bench.from_inside import check_figures, layer_figures, memory_figures, neighbour_figures
from tests.bench.goals import goals
from tests.bench.growth import GROWTH_SIZES, growth_figures
from tests.bench.measuring import ROOT
from tests.bench.page import to_markdown
from tests.bench.references import reference_figures

Section = Callable[[argparse.Namespace], dict[str, Any]]

SECTIONS: Final[dict[str, Section]] = {
    "one": lambda options: reference_figures("one", options.rounds),
    "course": lambda options: reference_figures("course", options.rounds),
    "checks": lambda options: check_figures(options.rounds),
    "layers": lambda options: layer_figures(options.rounds),
    "neighbours": lambda options: neighbour_figures(options.rounds),
    "memory": lambda options: memory_figures(options.rounds),
    "class": lambda options: class_figures(options.class_sizes, options.rounds),
    "growth": lambda options: growth_figures(options.growth_sizes),
}


def bench(options: argparse.Namespace) -> dict[str, Any]:
    """Measure and return the report."""
    report: dict[str, Any] = {
        "schema": "proctor/bench/v1",
        "rounds": options.rounds,
        "machine": {
            "processors": os.cpu_count(),
            "platform": platform.platform(terse=True),
            "python": platform.python_version(),
            "fastapi": version("fastapi"),
            "load_before": os.getloadavg(),
        },
    }
    for section in options.only:
        report[section] = SECTIONS[section](options)
    return report


def count(text: str) -> int:
    """Read a number of rounds or submissions."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("it must be 1 at least")
    return number


def read_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="nox -s bench --", description="Compare Proctor with plain pytest.")
    add = parser.add_argument
    add("--rounds", type=count, default=5, metavar="N", help="how often everything is run (default: 5)")
    add("--only", nargs="+", choices=SECTIONS, default=tuple(SECTIONS), help="some sections (default: all)")
    add("--output", type=Path, default=ROOT / ".proctor", metavar="DIR", help="where the files go")
    add(
        "--class-sizes",
        nargs="+",
        type=count,
        default=CLASS_SIZES,
        metavar="N",
        help="submissions; small classes are a contest in every round, larger ones graded once (default: 30 100 1000)",
    )
    add(
        "--growth-sizes",
        nargs="+",
        type=count,
        default=GROWTH_SIZES,
        metavar="N",
        help="submissions; each class is graded once (default: 10 100 1000)",
    )
    return parser.parse_args()


def main() -> None:
    """Measure, print the page and write it with its figures."""
    options = read_options()
    report = bench(options)
    found = goals(report)
    page = to_markdown(report, found)
    report["goals"] = [asdict(goal) for goal in found]
    options.output.mkdir(parents=True, exist_ok=True)
    (options.output / "bench.md").write_text(page, encoding="utf-8")
    (options.output / "bench.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(page)


if __name__ == "__main__":
    main()
