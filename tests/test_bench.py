"""The bench compares like with like, and writes what it finds. How fast anything is, is not tested."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.bench.classes import SHARES, Kind, kinds_of, make_class, students_in
from tests.bench.goals import Goal, goals
from tests.bench.growth import growth_of
from tests.bench.measuring import Spread
from tests.bench.references import slugs

from proctor.catalog import Exercise, load_course

ROOT = Path(__file__).parents[1]
PLAIN = ROOT / "tests" / "bench" / "plain"
EXERCISES = [exercise for exercise in load_course(ROOT) if exercise.slug in slugs()]


def checks_in(*paths: Path) -> list[str]:
    definitions = [node for path in paths for node in ast.parse(path.read_text(encoding="utf-8")).body]
    names = [node.name for node in definitions if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [name for name in names if name.startswith("test_")]


def plain_checks(exercise: Exercise) -> Path:
    return PLAIN / f"{exercise.slug.replace('-', '_')}_checks.py"


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.slug)
def test_plain_pytest_has_the_same_checks_as_the_grader(exercise: Exercise) -> None:
    assert checks_in(plain_checks(exercise)) == checks_in(*sorted(exercise.grader.glob("test_*.py")))


def test_the_plain_checks_pass_on_the_references() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *map(plain_checks, EXERCISES)],
        cwd=ROOT,
        env={**os.environ, "PROCTOR_BENCH_SUBMISSIONS": str(ROOT / "solutions")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_a_bench_of_one_exercise_is_written_down(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.bench.bench", "--rounds", "1", "--only", "one", "--output", tmp_path]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "bench.md").read_text(encoding="utf-8")
    assert done.stdout == f"{page}\n"
    assert "| `proctor grade` |" in page
    report = json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))
    assert list(report) == ["schema", "rounds", "machine", "one", "goals"]
    assert report["one"]["checks"] == len(checks_in(PLAIN / "middleware_onion_checks.py"))
    names = ["`proctor grade`", "plain pytest", "floor, with its start-up"]
    names += ["`proctor watch`", "floor, the forks alone"]
    assert list(report["one"]["contestants"]) == names
    for figures in report["one"]["contestants"].values():
        assert list(figures) == [
            "wall_s", "cpu_s", "peak_memory_mb", "wall_to_plain", "cpu_to_plain", "wall_to_floor", "cpu_to_floor",
        ]  # fmt: skip
    measured = [goal["what"].partition(",")[0] for goal in report["goals"] if "not measured" not in goal["measured"]]
    assert measured == ["one exercise"]


def test_a_spread_is_the_median_with_the_range() -> None:
    assert f"{Spread.of([3, 1, 2]):.1f}" == "2.0 (1.0-3.0)"


@pytest.mark.skipif(sys.platform != "linux", reason="orphans are adopted on Linux alone")
def test_what_orphans_have_used_is_counted() -> None:
    computing = "import time\nwhile time.process_time() < 0.5: pass"
    abandoning = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {computing!r}])"
    measuring = (
        "import os, sys\nfrom tests.bench.measuring import measure\n"
        f"print(measure([sys.executable, '-c', {abandoning!r}], dict(os.environ)).cpu)"
    )
    # In a process of its own: whoever measures reaps all children that there are.
    done = subprocess.run([sys.executable, "-c", measuring], cwd=ROOT, capture_output=True, text=True, check=True)
    assert float(done.stdout) > 0.5


@pytest.mark.parametrize("size", [1, 10, 30, 100, 1000])
def test_a_class_has_the_shares_of_every_kind(size: int) -> None:
    assert sum(kinds_of(size).values()) == size
    assert all(abs(count - size * SHARES[kind] / 100) < 1 for kind, count in kinds_of(size).items())


@pytest.mark.parametrize("slug", ["middleware-onion", "override-switchboard"])
def test_a_class_is_the_same_every_time_and_nobody_copies(slug: str, tmp_path: Path) -> None:
    drawn = [make_class(tmp_path / name, slug, 30) for name in ("first", "second")]
    assert drawn[0] == drawn[1]
    classes = [
        {path.parents[1].name: path.read_bytes() for path in (tmp_path / name).rglob("main.py")}
        for name in ("first", "second")
    ]
    assert classes[0] == classes[1]
    assert len(set(classes[0].values())) == 30
    assert len(students_in(tmp_path / "first")) == 30
    assert len(students_in(tmp_path / "first", [Kind.RIGHT])) == kinds_of(30)[Kind.RIGHT]


def spread(figure: float) -> dict[str, float]:
    return {"median": figure, "min": figure, "max": figure}


def goals_met(report: dict[str, object]) -> dict[str, bool | None]:
    found: list[Goal] = goals(report)
    return {f"{goal.what}: {goal.goal}": goal.met for goal in found if goal.met is not None}


@pytest.mark.parametrize(
    ("to_plain", "to_floor", "met"), [(0.25, 2.0, [True, True]), (0.26, 2.1, [False, False]), (0.1, 3.0, [True, False])]
)
def test_a_class_is_four_times_as_fast_as_plain_pytest_and_near_the_floor(
    to_plain: float, to_floor: float, met: list[bool]
) -> None:
    figures = {"wall_to_plain": spread(to_plain), "wall_to_floor": spread(to_floor)}
    contestants = dict.fromkeys(("Proctor, all of them", "Proctor, hanging ones left out"), figures)
    contest = {"exercise": "one", "size": 30, "checks": 6, "contestants": contestants}
    assert list(goals_met({"class": {"contests": [contest], "alone": []}}).values()) == met


def graded(submissions: int, cpu_ms: float, peak_mb: float) -> dict[str, object]:
    return {
        "submissions": submissions,
        "cpu_ms_a_submission": spread(cpu_ms),
        "coordinator_peak_mb": spread(peak_mb),
    }


@pytest.mark.parametrize(
    ("cpu_ms", "peak_mb", "met"), [(110, 50, [True, True]), (111, 70, [False, False]), (60, 40, [True, True])]
)
def test_ten_times_the_class_needs_as_much_for_each(cpu_ms: float, peak_mb: float, met: list[bool]) -> None:
    growth = growth_of([graded(10, 300, 39), graded(100, 100, 40), graded(1000, cpu_ms, peak_mb)])
    assert growth["cpu_ms_a_further_submission"] == pytest.approx((1000 * cpu_ms - 100 * 100) / 900)
    assert list(goals_met({"growth": growth}).values()) == met


@pytest.mark.parametrize(("usual", "slow", "met"), [(0.2, 0.33, True), (0.21, 0.33, False), (0.1, 0.34, False)])
def test_a_warm_proctor_is_five_times_as_fast_as_plain_pytest(usual: float, slow: float, met: bool) -> None:
    contestants = {"`proctor watch`": {"wall_to_plain": spread(usual)}}
    one = {"contestants": contestants, "slow_save_to_plain": spread(slow)}
    assert list(goals_met({"one": one}).values()) == [met]
