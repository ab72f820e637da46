"""The tables of the page, in Markdown."""

from collections.abc import Iterable, Sequence
from typing import Any

from tests.bench.goals import Goal
from tests.bench.measuring import Spread

__all__ = [
    "checks_table", "class_table", "contest_table", "endings_table", "goals_table", "memory_table",
]  # fmt: skip


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def contest_table(figures: dict[str, Any]) -> str:
    """Return the table of a contest."""
    head = ["", "wall s", "processor s", "peak MB", "wall to plain", "processor to plain", "wall to floor"]
    rows: list[list[str]] = []
    for name, own in figures.items():
        memory = own["peak_memory_mb"]
        rows.append(
            [
                name,
                _hundredths(own["wall_s"]),
                _hundredths(own["cpu_s"]),
                "" if memory is None else f"{memory['median']:.0f}",
                *(_hundredths(own[key]) for key in ("wall_to_plain", "cpu_to_plain", "wall_to_floor")),
            ]
        )
    return table(head, rows)


def _hundredths(spread: dict[str, float] | None) -> str:
    return "" if spread is None else f"{Spread(**spread):.2f}"


def checks_table(figures: dict[str, Any]) -> str:
    """Return the table of right and wrong answers."""
    rows: list[list[str]] = []
    for slug, own in figures.items():
        for name, wrong in own["wrong"].items():
            mistake = f"{name} (blocks its loop)" if wrong["blocks_its_loop"] else name
            right, taken = Spread(**own["right_ms_a_check"]), Spread(**wrong["ms_a_check"])
            ratio = Spread(**wrong["to_right"])
            rows.append([slug, str(own["checks"]), f"{right:.0f}", mistake, f"{taken:.0f}", f"{ratio:.2f}"])
    return table(["exercise", "checks", "right: ms a check", "wrong answer", "ms a check", "wrong to right"], rows)


def memory_table(figures: dict[str, Any]) -> str:
    """Return the table of stages."""
    rows = [
        [slug, f"{Spread(**own['private_mb']):.1f}", f"{Spread(**own['pss_mb']):.1f}"] for slug, own in figures.items()
    ]
    return table(["largest stage of", "private MB", "PSS MB"], rows)


def class_table(figures: Iterable[dict[str, Any]]) -> str:
    """Return the table of classes that Proctor has graded."""
    head = ["submissions", "wall s", "wall ms each", "processor ms each", "coordinator: peak MB", "PSS MB"]
    rows = [
        [
            f"{own['submissions']:,} ({', '.join(f'{count} {status}' for status, count in own['statuses'].items())})",
            f"{Spread(**own['wall_s']):.1f}",
            f"{Spread(**own['wall_ms_a_submission']):.0f}",
            f"{Spread(**own['cpu_ms_a_submission']):.0f}",
            *(_megabytes(own[f"{kind}_mb"]) for kind in ("coordinator_peak", "coordinator_pss", "largest_process")),
        ]
        for own in figures
    ]
    return table([*head, "largest process: MB"], rows)


def _megabytes(spread: dict[str, float] | None) -> str:
    return "" if spread is None else f"{spread['median']:.1f}"


def endings_table(endings: dict[str, str]) -> str:
    """Return the table of those that starve the machine."""
    return table(
        ["submission", "what it is told"], [[name, " ".join(message.split())] for name, message in endings.items()]
    )


def goals_table(found: list[Goal]) -> str:
    """Return the table of goals."""
    words = {True: "met", False: "not yet", None: ""}
    rows = [[each.what, each.goal, each.measured, words[each.met]] for each in found]
    return table(["what", "goal", "measured", ""], rows)
