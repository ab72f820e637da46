"""Runs a pipeline of GitLab on this machine, as far as ours need it: jobs in their order, one folder for each.

Every line of ``before_script`` and ``script`` is really run, by the shell and with the options that GitLab's runner
uses, and with the variables that the job would have. There are stand-ins for three programs alone: `nox`, which runs
the command of the session that it is asked for in the environment of these tests, `python -m pip` and `apt-get`, which
install nothing. What is not there: images, runners, rights, and everything that our pipelines do not say.

Sources: https://docs.gitlab.com/ci/yaml/ and https://docs.gitlab.com/ci/variables/predefined_variables/.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

__all__ = ["Job", "Pipeline"]

_RESERVED: Final = {"workflow", "stages", "variables", "default"}
_CONDITION: Final = re.compile(r'\$(\w+) (==|!=) "([^"]*)"')
_STAND_INS: Final = {
    "nox": '[ "$1" = -s ] || exit 2\nsession=$2\nshift 3\n"{bin}/proctor" "$session" "$@" || exit 1\n',
    "python": '[ "$1 $2 $3" = "-m pip install" ] || exit 2\n[ -f requirements.lock ]\n',
    "apt-get": "exit 0\n",
}


@dataclass
class Job:
    """How a job has ended: ``files`` are those that were there before its first line, ``log`` is what it printed."""

    is_green: bool
    environment: dict[str, str]
    files: set[str]
    log: str
    artifacts: Path


@dataclass
class Pipeline:
    """One pipeline of a project. ``place`` is an empty folder, ``scoped`` has variables by environment."""

    text: str
    project: Path
    place: Path
    variables: Mapping[str, str]
    scoped: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    jobs: dict[str, Job] = field(default_factory=dict[str, Job])

    def __post_init__(self) -> None:
        self.document: dict[str, Any] = yaml.safe_load(self.text)
        programs = self.place / "programs"
        programs.mkdir(parents=True)
        for name, lines in _STAND_INS.items():
            program = programs / name
            program.write_text("#!/bin/sh\n" + lines.replace("{bin}", str(Path(sys.executable).parent)))
            program.chmod(0o755)
        (self.place / "home").mkdir()
        self._path = os.pathsep.join([str(programs), os.environ["PATH"]])

    def starts(self, **variables: str) -> bool:
        """Tell whether anything is run when these variables are there."""
        for rule in self.document["workflow"]["rules"]:
            found = [_CONDITION.fullmatch(part) for part in rule["if"].split(" || ")]
            assert all(found), rule
            if any((variables[one[1]] == one[3]) is (one[2] == "==") for one in found if one):
                return rule.get("when") != "never"
        return False

    def run(self) -> None:
        """Run all jobs; those that are wanted whatever happens are run after others have failed, too."""
        definitions = {name: one for name, one in self.document.items() if name not in _RESERVED}
        for name in sorted(definitions, key=lambda one: self._stage(definitions[one])):
            if all(job.is_green for job in self.jobs.values()) or definitions[name].get("when") == "always":
                count = definitions[name].get("parallel", 1)
                for number in range(1, count + 1):
                    title = f"{name} {number}/{count}" if count > 1 else name
                    self.jobs[title] = self.run_job(name, number, count)

    def run_job(self, name: str, number: int = 1, count: int = 1, lost: str = "") -> Job:
        """Run one job, with the artifacts of those that it needs; those of ``lost`` never arrived."""
        definition = self.document[name]
        workspace = self.place / f"{name}-{number}{'-again' if lost else ''}"
        workspace.mkdir()
        environment = self._environment(definition, workspace, number, count)
        if environment.get("GIT_STRATEGY") != "empty":
            shutil.copytree(self.project, workspace, dirs_exist_ok=True)
        for title, job in self.jobs.items():
            if title != lost and title.partition(" ")[0] in definition.get("needs", []):
                shutil.copytree(job.artifacts, workspace, dirs_exist_ok=True)
        files = {path.relative_to(workspace).as_posix() for path in workspace.rglob("*")}
        lines = [*self.document.get("default", {}).get("before_script", []), *definition["script"]]
        ended = subprocess.run(
            ["bash", "--noprofile", "--norc", "-c", "\n".join(["set -eo pipefail", *lines])],
            cwd=workspace,
            env=environment,
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        artifacts = self.place / "artifacts" / workspace.name
        artifacts.mkdir(parents=True)
        kept = definition["artifacts"]
        if ended.returncode == 0 or kept.get("when") == "always":
            for path in [*kept.get("paths", []), *kept.get("reports", {}).values()]:
                _keep(workspace / path, artifacts / path)
        return Job(ended.returncode == 0, environment, files, ended.stdout, artifacts)

    def _stage(self, definition: dict[str, Any]) -> int:
        return self.document["stages"].index(definition["stage"]) if "stages" in self.document else 0

    def _environment(self, definition: dict[str, Any], workspace: Path, number: int, count: int) -> dict[str, str]:
        scope = definition.get("environment", {}).get("name", "")
        return {
            "PATH": self._path,
            "HOME": str(self.place / "home"),
            "CI": "true",
            "GITLAB_CI": "true",
            "CI_SERVER_URL": "https://gitlab.example",
            "CI_PROJECT_DIR": str(workspace),
            "CI_NODE_TOTAL": str(count),
            **({"CI_NODE_INDEX": str(number)} if "parallel" in definition else {}),
            **self.document.get("variables", {}),
            **definition.get("variables", {}),
            **self.variables,
            **self.scoped.get(scope, {}),
        }


def _keep(source: Path, target: Path) -> None:
    """Keep a file or a folder, if it is there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target)
    elif source.is_file():
        shutil.copyfile(source, target)
