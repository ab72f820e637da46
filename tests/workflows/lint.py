"""What others find in our workflows: zizmor, actionlint and, of every line that is run, shellcheck.

Pipelines of GitLab are held against the schema of its own editor.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import yaml
from tests.workflows.engine import Engine
from tests.workflows.rules import complaints, steps_of

__all__ = ["findings_of"]

PIPELINES: Final = sorted((Path(__file__).parents[2] / "docs/teacher/gitlab").glob("*.yml"))


def findings_of(engine: Engine, workflows: Sequence[Path]) -> list[str]:
    """Return every finding, with the tool that it is of."""
    findings = [f"rules: {path.name}: {one}" for path in workflows for one in complaints(path.read_text("utf-8"))]
    for path in workflows:
        findings += [f"actionlint: {one}" for one in engine.lint(path)]
        findings += [f"shellcheck: {path.name}: {one}" for one in _shellcheck(path)]
    findings += [f"zizmor: {one}" for one in _zizmor(workflows)]
    return [*findings, *(f"check-jsonschema: {one}" for one in _check_pipelines())]


def _shellcheck(path: Path) -> list[str]:
    tool = Path(sys.executable).parent / "shellcheck"
    findings: list[str] = []
    with TemporaryDirectory() as folder:
        script = Path(folder) / "line.sh"
        for name, step in steps_of(yaml.safe_load(path.read_text("utf-8"))):
            if "run" in step:
                script.write_text(step["run"] + "\n", encoding="utf-8")
                ended = subprocess.run(
                    [tool, "--shell=bash", "--format=gcc", str(script)], check=False, capture_output=True, text=True
                )
                findings += [f"job {name}: {one}" for one in (ended.stdout + ended.stderr).splitlines()]
    return findings


def _check_pipelines() -> list[str]:
    tool = Path(sys.executable).parent / "check-jsonschema"
    options = ["--builtin-schema=vendor.gitlab-ci", "--color=never"]
    ended = subprocess.run([tool, *options, *map(str, PIPELINES)], check=False, capture_output=True, text=True)
    return [] if ended.returncode == 0 else (ended.stdout + ended.stderr).splitlines()


def _zizmor(workflows: Sequence[Path]) -> list[str]:
    tool = Path(sys.executable).parent / "zizmor"
    options = ["--offline", "--persona=pedantic", "--no-progress", "--quiet", "--format=plain", "--color=never"]
    ended = subprocess.run([tool, *options, *map(str, workflows)], check=False, capture_output=True, text=True)
    return [] if ended.returncode == 0 else (ended.stdout + ended.stderr).splitlines()
