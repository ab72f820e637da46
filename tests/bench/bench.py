"""Compares Proctor with plain pytest, and with the floor under both, in one run: `nox -s bench`.

Four sections. *one* and *course* start every contestant as a fresh process, in turn (A B C, A B C, ...) so that a busy
machine is busy for all of them, after one round that does not count. *checks* and *memory* come from inside Proctor.
What is compared are the figures of one round with each other: a ratio is the median of the rounds' ratios.

- ``proctor grade`` grades the references across a process boundary, with a fresh stage per check.
- ``plain pytest`` runs as many equivalent checks (`tests/bench/plain`) with httpx in the submission's own process,
  without any plugin that it does not need.
- the floor (`tests.bench.floor`) is a fork per check that imports the submission and performs the same requests.

This module imports only the standard library: a process that it starts is never reported as smaller than itself.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]
SECTIONS: Final = ("one", "course", "checks", "layers", "neighbours", "memory")
EXERCISE: Final = "middleware-onion"

GRADE, PLAIN, LANES = "`proctor grade`", "plain pytest", "plain pytest, `-n 2`"
FLOOR, FORKS = "floor, with its start-up", "floor, the forks alone"

MB: Final = 1_000_000
KIB: Final = 1024

# The goals
FRACTION_OF_PLAIN: Final = 1 / 5
WRONG_TO_RIGHT: Final = 2.0
HELD_TO_BARE: Final = 1.3
COURSE_SECONDS: Final = 6.0
COURSE_CHECKS: Final = 250
PRIVATE_MB: Final = 12.0


@dataclass(frozen=True)
class Run:
    """One process with all its children: wall and processor seconds, bytes of the largest process, what it printed."""

    wall: float
    cpu: float
    memory: int | None
    output: str = ""


@dataclass(frozen=True)
class Spread:
    """The same figure of all rounds."""

    median: float
    min: float
    max: float

    @classmethod
    def of(cls, values: Iterable[float]) -> "Spread":
        """Summarize the rounds."""
        kept = [round(value, 6) for value in values]
        return cls(statistics.median(kept), min(kept), max(kept))

    def __format__(self, spec: str) -> str:
        return f"{self.median:{spec}} ({self.min:{spec}}-{self.max:{spec}})"


Runs = dict[str, list[Run]]


# Measuring


def measure(command: Sequence[str], environment: dict[str, str]) -> Run:
    """Run a command to its end. Raises SystemExit with its output when it fails: then nothing can be compared."""
    with tempfile.TemporaryFile() as output:
        begin = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=2
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        printed = output.read().decode()
    if process.returncode:
        raise SystemExit(f"{printed}\nbench: `{' '.join(command)}` ended with {process.returncode}")
    unit = 1 if sys.platform == "darwin" else KIB
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit, printed)


def environment() -> dict[str, str]:
    """Return what every contestant inherits."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "PYTHON"))}
    own = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PROCTOR_BENCH_SUBMISSIONS": str(ROOT / "solutions")}
    return inherited | own


def say(text: str) -> None:
    """Tell whoever waits how far it is."""
    print(text, file=sys.stderr)


def slugs() -> list[str]:
    """Return all exercises of the course."""
    course = tomllib.loads((ROOT / "exercises" / "course.toml").read_text(encoding="utf-8"))
    return [slug for chapter in course["chapters"] for slug in chapter["exercises"]]


def contestants(exercises: list[str], *, lanes: bool) -> dict[str, list[str]]:
    """Return the commands that are compared."""
    plain = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "pytest_asyncio.plugin"]
    files = [f"tests/bench/plain/{slug.replace('-', '_')}_checks.py" for slug in exercises]
    at_once = min(os.cpu_count() or 1, len(exercises))  # as many as Proctor has under way
    commands = {
        GRADE: [sys.executable, "-m", "proctor", "grade", *exercises, "--submission", "solutions"],
        PLAIN: [*plain, "-o", "addopts=", *files],
        FLOOR: [sys.executable, "-m", "tests.bench.floor", str(at_once), *exercises],
    }
    if lanes and find_spec("xdist") is not None:
        commands[LANES] = [*plain, "-o", "addopts=", "-p", "xdist", "-n", "2", *files]
    return commands


def contest(what: str, commands: dict[str, list[str]], rounds: int) -> Runs:
    """Run all contestants in turn."""
    runs: Runs = {name: [] for name in commands}
    shared = environment()
    for number in range(0 if rounds > 1 else 1, rounds + 1):  # one round alone is a quick look
        say(f"{what}: {f'round {number} of {rounds}' if number else 'warming up'}")
        for name, command in commands.items():
            run = measure(command, shared)
            if number:
                runs[name].append(run)
    forks = [json.loads(run.output) for run in runs[FLOOR]]
    runs[FORKS] = [Run(fork["wall_s"], fork["cpu_s"], None) for fork in forks]
    return runs


# Figures


def figures_of(runs: Runs) -> dict[str, Any]:
    """Sum up the rounds of a contest."""
    return {
        name: {
            "wall_s": asdict(Spread.of(run.wall for run in own)),
            "cpu_s": asdict(Spread.of(run.cpu for run in own)),
            "peak_memory_mb": None if name == FORKS else asdict(Spread.of((run.memory or 0) / MB for run in own)),
            "wall_to_plain": asdict(_ratio(own, runs[PLAIN], "wall")),
            "cpu_to_plain": asdict(_ratio(own, runs[PLAIN], "cpu")),
            "wall_to_floor": asdict(_ratio(own, runs[FLOOR], "wall")),
            "cpu_to_floor": asdict(_ratio(own, runs[FLOOR], "cpu")),
        }
        for name, own in runs.items()
    }


def _ratio(ours: list[Run], theirs: list[Run], field: str) -> Spread:
    return Spread.of(getattr(one, field) / getattr(other, field) for one, other in zip(ours, theirs, strict=True))


def figures_from_inside(what: str, rounds: int) -> dict[str, Any]:
    """Ask `tests.bench.inside`."""
    say(f"{what}: {rounds} rounds")
    run = measure([sys.executable, "-m", "tests.bench.inside", what, str(rounds)], environment())
    return json.loads(run.output.splitlines()[-1])


def check_figures(rounds: int) -> dict[str, Any]:
    """Return milliseconds a check, of right answers and of wrong ones, and how many times as long these took."""
    told = figures_from_inside("checks", rounds)
    taken: list[dict[str, Any]] = told["rounds"]
    figures: dict[str, Any] = {}
    for slug, first in taken[0].items():
        own = [each[slug] for each in taken]
        checks = first["checks"]
        figures[slug] = {
            "checks": checks,
            "right_ms_a_check": asdict(Spread.of(one["right_s"] / checks * 1000 for one in own)),
            "wrong": {
                name: {
                    "blocks_its_loop": name in told["blocking"],
                    "ms_a_check": asdict(Spread.of(one["wrong_s"][name] / checks * 1000 for one in own)),
                    "to_right": asdict(Spread.of(one["wrong_s"][name] / one["right_s"] for one in own)),
                }
                for name in first["wrong_s"]
            },
        }
    return figures


def memory_figures(rounds: int) -> dict[str, Any]:
    """Return megabytes of the largest stage of every exercise."""
    taken: list[dict[str, Any]] = figures_from_inside("memory", rounds)["rounds"]
    return {
        slug: {f"{kind}_mb": asdict(Spread.of(each[slug][kind] / MB for each in taken)) for kind in ("private", "pss")}
        for slug in taken[0]
    }


def layer_figures(rounds: int) -> dict[str, Any]:
    """Return milliseconds a check with no layer and with all there are, and how many times as long these take."""
    told: list[dict[str, Any]] = figures_from_inside("layers", rounds)["rounds"]
    return {
        "layers": told[0]["layers"],
        "bare_ms_a_check": asdict(Spread.of(each["bare_s"] * 1000 for each in told)),
        "held_ms_a_check": asdict(Spread.of(each["held_s"] * 1000 for each in told)),
        "held_to_bare": asdict(Spread.of(each["held_s"] / each["bare_s"] for each in told)),
    }


def neighbour_figures(rounds: int) -> dict[str, Any]:
    """Return how many times as long ten right answers take beside four that starve, and how those end."""
    told: list[dict[str, Any]] = figures_from_inside("neighbours", rounds)["rounds"]
    return {
        "beside_to_alone": asdict(Spread.of(each["beside_s"] / each["alone_s"] for each in told)),
        "endings": told[0]["endings"],
    }


# Goals


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
    ]


def _speed(report: dict[str, Any]) -> Goal:
    what = "one exercise, from save to verdict (here: a cold `proctor grade`; there is no `watch` yet)"
    goal = "at most 1/5 of plain pytest"
    if "one" not in report:
        return Goal(what, goal)
    ratio = Spread(**report["one"]["contestants"][GRADE]["wall_to_plain"])
    measured = f"{ratio.median:.2f} times plain pytest, in the worst round {ratio.max:.2f}"
    return Goal(what, goal, measured, ratio.median <= FRACTION_OF_PLAIN)


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


# Tables


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
                f"{Spread(**own['wall_s']):.2f}",
                f"{Spread(**own['cpu_s']):.2f}",
                "" if memory is None else f"{memory['median']:.0f}",
                f"{Spread(**own['wall_to_plain']):.2f}",
                f"{Spread(**own['cpu_to_plain']):.2f}",
                f"{Spread(**own['wall_to_floor']):.2f}",
            ]
        )
    return table(head, rows)


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


def goals_table(found: list[Goal]) -> str:
    """Return the table of goals."""
    words = {True: "met", False: "not yet", None: ""}
    rows = [[each.what, each.goal, each.measured, words[each.met]] for each in found]
    return table(["what", "goal", "measured", ""], rows)


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
        parts += [title, contest_table(one["contestants"])]
    if course := report.get("course"):
        title = f"## The course: {len(slugs())} exercises, {course['checks']} checks, the references\n"
        parts += [title, contest_table(course["contestants"])]
        if LANES not in course["contestants"]:
            parts.append(f"{LANES} did not take part: pytest-xdist is not installed.\n")
    if checks := report.get("checks"):
        parts += ["## Right and wrong answers, all processors busy with them, stages warm\n", checks_table(checks)]
    if memory := report.get("memory"):
        parts += ["## Memory of a live stage when its check is over\n", memory_table(memory)]
    if neighbours := report.get("neighbours"):
        rows = [[name, " ".join(message.split())] for name, message in neighbours["endings"].items()]
        parts += ["## How those end that starve the machine\n", table(["submission", "what it is told"], rows)]
    return "\n".join([*parts, "## Goals\n", goals_table(found)])


# The command


def bench(sections: Sequence[str], rounds: int) -> dict[str, Any]:
    """Measure and return the report."""
    report: dict[str, Any] = {
        "schema": "proctor/bench/v1",
        "rounds": rounds,
        "machine": {
            "processors": os.cpu_count(),
            "platform": platform.platform(terse=True),
            "python": platform.python_version(),
            "fastapi": version("fastapi"),
            "load_before": os.getloadavg(),
        },
    }
    for section in sections:
        match section:
            case "one" | "course":
                exercises = [EXERCISE] if section == "one" else slugs()
                runs = contest(section, contestants(exercises, lanes=section == "course"), rounds)
                checks = json.loads(runs[FLOOR][0].output)["checks"]
                report[section] = {"checks": checks, "contestants": figures_of(runs)}
            case "checks":
                report[section] = check_figures(rounds)
            case "layers":
                report[section] = layer_figures(rounds)
            case "neighbours":
                report[section] = neighbour_figures(rounds)
            case _:
                report[section] = memory_figures(rounds)
    return report


def main() -> None:
    """Measure, print the page and write it with its figures."""
    parser = argparse.ArgumentParser(prog="nox -s bench --", description="Compare Proctor with plain pytest.")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="how often everything is run (default: 5)")
    parser.add_argument("--only", nargs="+", choices=SECTIONS, default=SECTIONS, help="some sections (default: all)")
    parser.add_argument("--output", type=Path, default=ROOT / ".proctor", metavar="DIR", help="where the files go")
    options = parser.parse_args()
    report = bench(options.only, max(options.rounds, 1))
    found = goals(report)
    page = to_markdown(report, found)
    report["goals"] = [asdict(goal) for goal in found]
    options.output.mkdir(parents=True, exist_ok=True)
    (options.output / "bench.md").write_text(page, encoding="utf-8")
    (options.output / "bench.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(page)


if __name__ == "__main__":
    main()
