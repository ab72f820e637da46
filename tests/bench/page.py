"""The page that the bench prints."""

from typing import Any, Final

from tests.bench import tables
from tests.bench.classes import Kind
from tests.bench.goals import Goal
from tests.bench.references import EXERCISE, LANES, slugs

__all__ = ["to_markdown"]

_LEFT_OUT: Final = """Proctor grades all. Where hanging ones are left out, which only a time-out ends, nobody has one.
The forks of a floor perform right answers alone, and what they take is scaled to the whole class.
"""


def to_markdown(report: dict[str, Any], found: list[Goal]) -> str:
    """Return the report as a page."""
    machine = report["machine"]
    load = ", ".join(f"{each:.1f}" for each in machine["load_before"])
    system = f"{machine['processors']} processors, {machine['platform']}, Python {machine['python']}"
    parts = [
        "# Bench\n",
        f"{system}, FastAPI {machine['fastapi']}. Load before: {load}. Rounds: {report['rounds']}.\n",
        "Figures are medians (and the range). A ratio compares figures of the same round.\n",
    ]
    if one := report.get("one"):
        title = f"## One exercise: {EXERCISE}, {one['checks']} checks, the reference\n"
        parts += [title, tables.contest_table(one["contestants"])]
    if course := report.get("course"):
        title = f"## The course: {len(slugs())} exercises, {course['checks']} checks, the references\n"
        parts += [title, tables.contest_table(course["contestants"])]
        if LANES not in course["contestants"]:
            parts.append(f"{LANES} did not take part: pytest-xdist is not installed.\n")
    if checks := report.get("checks"):
        title = "## Right and wrong answers, all processors busy with them, stages warm\n"
        parts += [title, tables.checks_table(checks)]
    if memory := report.get("memory"):
        parts += ["## Memory of a live stage when its check is over\n", tables.memory_table(memory)]
    if neighbours := report.get("neighbours"):
        parts += ["## How those end that starve the machine\n", tables.endings_table(neighbours["endings"])]
    if classes := report.get("class"):
        parts += _classes(classes)
    if growth := report.get("growth"):
        parts += [f"## Growth: Proctor alone, {growth['exercise']}\n", tables.class_table(growth["steps"])]
    return "\n".join([*parts, "## Goals\n", tables.goals_table(found)])


def _classes(figures: dict[str, Any]) -> list[str]:
    parts: list[str] = []
    for own in figures["contests"]:
        parts += [
            f"## A class of {own['size']}: {own['exercise']}, {own['checks']} checks\n",
            f"{_who_is_in_it(own)}. {_LEFT_OUT}",
            tables.contest_table(own["contestants"]),
            tables.class_table([own["proctor"]]),
        ]
    if figures["alone"]:
        parts += ["## Larger classes: Proctor alone\n", tables.class_table(figures["alone"])]
    return parts


def _who_is_in_it(own: dict[str, Any]) -> str:
    hanging = [answer.partition(": ")[2] for answer in own["answers"] if answer.startswith(Kind.HANGING)]
    kinds = ", ".join(f"{count} {kind}" for kind, count in own["kinds"].items())
    return f"{kinds}; a hanging one {' or '.join(hanging)}" if hanging else kinds
