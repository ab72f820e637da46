"""Runs the self-check in a released course: as students get it, and with right answers in the place of theirs."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.workflows.engine import Engine
from tests.workflows.executor import Executor, Server

from proctor.catalog import load_course

__all__ = ["findings_in_self_check"]

ROOT: Final = Path(__file__).parents[2]
WORKFLOW: Final = ".github/workflows/self-check.yml"
POINTS: Final = re.compile(r"(\d+) of (\d+) public points")


def findings_in_self_check(engine: Engine, folder: Path) -> list[str]:
    """Release the course into a new folder and run its workflow there; return what is wrong, a sentence each."""
    tree = folder / "students"
    folder.mkdir()
    command = [sys.executable, "-P", "-m", "proctor", "release", str(tree)]
    released = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    if released.returncode:
        return [f"the course is not released: {released.stderr}"]
    solved = folder / "solved"
    shutil.copytree(tree, solved)
    for exercise in load_course(ROOT):
        for name in exercise.manifest.files:
            shutil.copy(exercise.solution / name, solved / "exercises" / exercise.slug / name)
    return [*_findings(engine, folder, tree, is_solved=False), *_findings(engine, folder, solved, is_solved=True)]


def _findings(engine: Engine, folder: Path, tree: Path, *, is_solved: bool) -> Iterator[str]:
    server = Server(f"file://{folder}", "", tree, variables={}, secrets={}, repository="my-course/work-alice")
    run = Executor(engine, server, folder)
    result = run.run(tree / WORKFLOW, event="push")["provisional"].result
    log = "\n".join(run.log)
    if result != ("success" if is_solved else "failure"):
        yield f"{tree.name}: the job ends with {result}\n{log}"
    told = [(int(score), int(most)) for score, most in POINTS.findall(log)]
    if not told or any(score != (most if is_solved else 0) or not most for score, most in told):
        yield f"{tree.name}: the log tells of points {told}"
    if not any(line.startswith("   summary: ") for line in run.log):
        yield f"{tree.name}: there is no summary"
