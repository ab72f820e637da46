"""How what Proctor needs grows with the class (*growth*): processor time, and memory of the coordinator."""

from collections.abc import Sequence
from typing import Any, Final

from tests.bench.measuring import KIB, MB
from tests.bench.proctor_alone import grade_class_once
from tests.bench.references import EXERCISE

__all__ = ["GROWTH_SIZES", "growth_figures", "growth_of"]

GROWTH_SIZES: Final = (10, 100, 1000)


def growth_figures(sizes: Sequence[int]) -> dict[str, Any]:
    """Grade a class of each size once; return what was needed, and what each further submission adds."""
    return growth_of([grade_class_once(EXERCISE, size) for size in sorted(set(sizes))])


def growth_of(steps: list[dict[str, Any]]) -> dict[str, Any]:
    """Compare the two largest classes; the smaller ones spend most of it on starting."""
    growth: dict[str, Any] = {"exercise": EXERCISE, "steps": steps}
    if len(steps) > 1:
        before, after = steps[-2:]
        further: int = after["submissions"] - before["submissions"]
        cpu_before, cpu_after = _cpu_ms(before), _cpu_ms(after)
        cpu_added = cpu_after * after["submissions"] - cpu_before * before["submissions"]
        growth |= {"cpu_ratio": cpu_after / cpu_before, "cpu_ms_a_further_submission": cpu_added / further}
        if before["coordinator_peak_mb"] and after["coordinator_peak_mb"]:
            added = after["coordinator_peak_mb"]["median"] - before["coordinator_peak_mb"]["median"]
            growth["peak_kib_a_further_submission"] = added * MB / KIB / further
    return growth


def _cpu_ms(figures: dict[str, Any]) -> float:
    return figures["cpu_ms_a_submission"]["median"]
