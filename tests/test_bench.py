"""The bench compares like with like, and writes what it finds. How fast anything is, is not tested."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from proctor.catalog import Exercise, load_course

ROOT = Path(__file__).parents[1]
PLAIN = ROOT / "tests" / "bench" / "plain"
EXERCISES = list(load_course(ROOT))


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
    names = ["`proctor grade`", "plain pytest", "floor, with its start-up", "floor, the forks alone"]
    assert list(report["one"]["contestants"]) == names
    for figures in report["one"]["contestants"].values():
        assert list(figures) == [
            "wall_s", "cpu_s", "peak_memory_mb", "wall_to_plain", "cpu_to_plain", "wall_to_floor", "cpu_to_floor",
        ]  # fmt: skip
    measured = [goal["what"].partition(",")[0] for goal in report["goals"] if "not measured" not in goal["measured"]]
    assert measured == ["one exercise"]
