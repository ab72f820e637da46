"""The goals by which this version can be measured, beside what was measured."""

from dataclasses import dataclass
from typing import Any, Final

from tests.bench.class_contest import PROCTOR, PROCTOR_WITHOUT_HANGING
from tests.bench.measuring import Spread
from tests.bench.references import GRADE, WATCH, slugs

__all__ = ["Goal", "goals"]

FRACTION_OF_PLAIN: Final = 1 / 5
FRACTION_OF_SLOW: Final = 1 / 3
WRONG_TO_RIGHT: Final = 2.0
HELD_TO_BARE: Final = 1.3
COURSE_SECONDS: Final = 6.0
COURSE_CHECKS: Final = 250
PRIVATE_MB: Final = 12.0
CLASS_TO_PLAIN: Final = (4, 8)
CLASS_TO_FLOOR: Final = 2.0
CPU_GROWTH: Final = 1.1
FLAT_KIB: Final = 20.0


@dataclass(frozen=True)
class Goal:
    """What was aimed at, beside what was measured. ``met`` is null where one of the two is missing."""

    what: str
    goal: str
    measured: str = "not measured in this run"
    met: bool | None = None


def goals(report: dict[str, Any]) -> list[Goal]:
    """Return the goals by which this version can be measured."""
    return [
        _speed(report),
        _wrong_answers(report),
        _blocking_answers(report),
        _course(report),
        _layers(report),
        _neighbours(report),
        _memory(report),
        *_classes(report),
        _processor_growth(report),
        _memory_growth(report),
    ]


def _speed(report: dict[str, Any]) -> Goal:
    what = "one exercise, from save to verdict in `watch`"
    goal = "at most 1/5 of plain pytest, 95 of 100 saves at most 1/3"
    if "one" not in report:
        return Goal(what, goal)
    ratio = Spread(**report["one"]["contestants"][WATCH]["wall_to_plain"])
    slow = Spread(**report["one"]["slow_save_to_plain"])
    measured = f"{ratio.median:.2f} times plain pytest, 95 of 100 saves at most {slow.median:.2f} times"
    return Goal(what, goal, measured, ratio.median <= FRACTION_OF_PLAIN and slow.median <= FRACTION_OF_SLOW)


def _worst_of_wrong(report: dict[str, Any], *, blocking: bool) -> float | None:
    figures: dict[str, Any] = report.get("checks", {})
    ratios: list[float] = [
        wrong["to_right"]["median"]
        for own in figures.values()
        for wrong in own["wrong"].values()
        if wrong["blocks_its_loop"] is blocking
    ]
    return max(ratios, default=None)


def _wrong_answers(report: dict[str, Any]) -> Goal:
    what, goal = "a wrong answer that does not block its loop", "at most 2 times a right one"
    worst = _worst_of_wrong(report, blocking=False)
    return Goal(what, goal) if worst is None else Goal(what, goal, f"{worst:.2f} times", worst <= WRONG_TO_RIGHT)


def _blocking_answers(report: dict[str, Any]) -> Goal:
    what, goal = "a wrong answer that blocks its loop", "no goal (in one process: until a time-out)"
    worst = _worst_of_wrong(report, blocking=True)
    return Goal(what, goal) if worst is None else Goal(what, goal, f"{worst:.2f} times")


def _course(report: dict[str, Any]) -> Goal:
    what = f"the whole course (34 exercises, about {COURSE_CHECKS} checks; here {len(slugs())} exercises)"
    goal = f"at most {COURSE_SECONDS:g} s"
    if "course" not in report:
        return Goal(what, goal)
    seconds: float = report["course"]["contestants"][GRADE]["wall_s"]["median"]
    checks: int = report["course"]["checks"]
    projected = seconds / checks * COURSE_CHECKS
    measured = f"{seconds:.1f} s for {checks} checks; at that rate {projected:.0f} s for all"
    return Goal(what, goal, measured, projected <= COURSE_SECONDS)


def _layers(report: dict[str, Any]) -> Goal:
    what, goal = "a check with every layer of isolation", f"at most {HELD_TO_BARE:g} times one with none"
    if "layers" not in report:
        return Goal(what, goal)
    ratio = Spread(**report["layers"]["held_to_bare"])
    measured = f"{ratio.median:.2f} times ({', '.join(report['layers']['layers'])})"
    return Goal(what, goal, measured, ratio.median <= HELD_TO_BARE)


def _neighbours(report: dict[str, Any]) -> Goal:
    what, goal = "a right answer beside four that starve", "no goal (it keeps its verdict)"
    if "neighbours" not in report:
        return Goal(what, goal)
    return Goal(what, goal, f"{Spread(**report['neighbours']['beside_to_alone']).median:.2f} times as long")


def _memory(report: dict[str, Any]) -> Goal:
    what, goal = "memory of a stage, when its check is over", f"at most {PRIVATE_MB:g} MB private"
    figures: dict[str, Any] = report.get("memory", {})
    sizes: list[float] = [own["private_mb"]["median"] for own in figures.values()]
    if not sizes:
        return Goal(what, goal)
    measured = f"{min(sizes):.1f} to {max(sizes):.1f} MB, by exercise"
    return Goal(what, goal, measured, max(sizes) <= PRIVATE_MB)


def _classes(report: dict[str, Any]) -> list[Goal]:
    contests: list[dict[str, Any]] = report.get("class", {}).get("contests", [])
    if not contests:
        return [Goal("a class of 30", _CLASS_GOAL), Goal("a class of 30", _FLOOR_GOAL)]
    return [goal(own) for own in contests for goal in (_class_beside_plain, _class_above_floor)]


_CLASS_GOAL: Final = "at least {} times as fast as plain pytest in as many lanes, then {} times".format(*CLASS_TO_PLAIN)
_FLOOR_GOAL: Final = f"at most {CLASS_TO_FLOOR:g} times the floor (a fork per check)"


def _class(own: dict[str, Any]) -> str:
    return f"a class of {own['size']} ({own['exercise']}, {own['checks']} checks)"


def _class_beside_plain(own: dict[str, Any]) -> Goal:
    contestants = own["contestants"]
    times, without_hanging = (
        1 / contestants[name]["wall_to_plain"]["median"] for name in (PROCTOR, PROCTOR_WITHOUT_HANGING)
    )
    measured = f"{times:.1f} times ({without_hanging:.1f} times if both leave out those that hang)"
    return Goal(_class(own), _CLASS_GOAL, measured, times >= CLASS_TO_PLAIN[0])


def _class_above_floor(own: dict[str, Any]) -> Goal:
    ratio = Spread(**own["contestants"][PROCTOR]["wall_to_floor"])
    without_hanging = Spread(**own["contestants"][PROCTOR_WITHOUT_HANGING]["wall_to_floor"])
    measured = f"{ratio.median:.1f} times ({without_hanging.median:.1f} times without those that hang)"
    return Goal(_class(own), _FLOOR_GOAL, measured, ratio.median <= CLASS_TO_FLOOR)


def _processor_growth(report: dict[str, Any]) -> Goal:
    growth: dict[str, Any] = report.get("growth", {})
    what, goal = f"processor time of a submission, {_sizes(growth)}", "at most 10 % more"
    if "cpu_ratio" not in growth:
        return Goal(what, goal)
    before, after = (step["cpu_ms_a_submission"]["median"] for step in growth["steps"][-2:])
    further: float = growth["cpu_ms_a_further_submission"]
    measured = f"{before:.0f} ms, then {after:.0f} ms ({further:.0f} ms for each further one)"
    return Goal(what, goal, measured, growth["cpu_ratio"] <= CPU_GROWTH)


def _memory_growth(report: dict[str, Any]) -> Goal:
    growth: dict[str, Any] = report.get("growth", {})
    what, goal = f"memory of the coordinator, {_sizes(growth)}", f"flat: at most {FLAT_KIB:g} KiB a further submission"
    if "peak_kib_a_further_submission" not in growth:
        return Goal(what, goal)
    added: float = growth["peak_kib_a_further_submission"]
    before, after = (step["coordinator_peak_mb"]["median"] for step in growth["steps"][-2:])
    return Goal(what, goal, f"{before:.0f} MB, then {after:.0f} MB: {added:.0f} KiB", added <= FLAT_KIB)


def _sizes(growth: dict[str, Any]) -> str:
    sizes = [step["submissions"] for step in growth.get("steps", [])]
    before, after = sizes[-2:] if len(sizes) > 1 else (100, 1000)
    return f"from {before:,} to {after:,}"
