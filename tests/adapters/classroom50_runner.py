"""The runner of Classroom 50, as far as an autograder meets it: what it gives, and what it makes of what is left.

Written anew from https://github.com/foundation50/classroom50, cli/gh-teacher/skeleton/dotgithub/scripts/runner.py at
0c49903: `run_entrypoint`, `finalize_result` and `derive_status_and_summary`. It is no copy, so that it proves our
reading of it and not the runner.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.reports.test_classroom50_report import ENVIRONMENT, read

__all__ = ["AUTOGRADER", "TOKEN", "Published", "run_autograder"]

AUTOGRADER: Final = Path(__file__).parents[2] / "docs" / "teacher" / "classroom50" / "autograder.py"
TOKEN: Final = "ghs-to-ken"  # noqa: S105 - a stand-in
_STAMPED: Final = {"owner": "alice", "datetime": "2026-11-22T09:59:41Z", "graded_at": "2026-11-22T10:00:12Z"}


@dataclass(frozen=True)
class Published:
    """What students and teachers see of a run: its status, the result, and the log of the job."""

    status: str
    result: dict[str, Any]
    log: str


def run_autograder(checkout: Path, bundle: Path, place: Path, **variables: str) -> Published:
    """Grade a checkout with what lies in ``bundle``; ``place`` is an empty folder for the files of the job."""
    outputs = place / "outputs"
    outputs.touch()
    target = checkout / "result.json"
    if target.exists():
        target.unlink()
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment = {
        **kept,
        **ENVIRONMENT,
        "PAGES_BASE_URL": "https://my-course.github.io/classroom50",
        "CLASSROOM50_BUNDLE_DIR": str(bundle),
        "GITHUB_ACTIONS": "true",
        "GITHUB_OUTPUT": str(outputs),
        "GITHUB_TOKEN": TOKEN,
        "RUNNER_TEMP": str(place),
        "TMPDIR": str(place),
        **variables,
    }
    ended = subprocess.run(
        [sys.executable, str(AUTOGRADER)],
        cwd=checkout,
        env=environment,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if ended.returncode or not target.is_file():
        return Published("error", {"score": 0, "max-score": 0, "tests": []}, ended.stdout)
    written = json.loads(target.read_text(encoding="utf-8"))
    result = read(json.dumps({**written, **_STAMPED}, indent=2) + "\n")
    assert (result["classroom"], result["assignment"]) == (environment["CLASSROOM"], environment["ASSIGNMENT"])
    said = outputs.read_text(encoding="utf-8")
    derived = "success" if all(test["passed"] for test in result["tests"]) else "failure"
    status = next((line.removeprefix("status=") for line in said.splitlines() if line.startswith("status=")), derived)
    return Published(status, result, ended.stdout)
