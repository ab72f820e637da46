"""A grader as there are many: the submission shares a process with the checks, and the score is what comes out of it.

It is the control of the attacks that forge a score. One that could not fool even this would prove nothing.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.attack_suite import Attack, Scene

from proctor.catalog import Exercise

__all__ = ["points_by_naive_grading"]

PARTS: Final = Path(__file__).parent / "naive"
ROUNDS: Final = 2
"""What an attack plants beside itself works from the second run on."""


def points_by_naive_grading(attack: Attack, exercise: Exercise, folder: Path) -> bool:
    """Grade an attack twice in the same folder; tell whether any of the usual readings gives it a point.

    The usual readings: the exit status, a count in a results file, and the summary that pytest prints.
    """
    (folder / "main.py").write_text(Scene(attack, folder, "", exercise).source(), encoding="utf-8")
    shutil.copy(PARTS / "naive_checks.py", folder / "test_naive.py")
    shutil.copy(PARTS / "naive_helper.py", folder)
    return any(_scores(folder) for _ in range(ROUNDS))


def _scores(folder: Path) -> bool:
    results = folder / "results.json"
    results.unlink(missing_ok=True)
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "naive_plugin", "-p", "no:cacheprovider", "test_naive.py"],
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "PYTHONPATH": f"{folder}{os.pathsep}{PARTS}",
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        capture_output=True,
        check=False,
    )
    return run.returncode == 0 or _counted(results) > 0 or bool(re.search(rb"[1-9]\d* passed", run.stdout))


def _counted(results: Path) -> int:
    try:
        return sum(test["outcome"] == "passed" for test in json.loads(results.read_text(encoding="utf-8"))["tests"])
    except (OSError, ValueError):
        return 0
