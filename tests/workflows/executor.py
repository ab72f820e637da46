"""Runs a workflow on this machine, with the parser and the evaluator of GitHub and stand-ins for the actions.

Jobs run one after the other, in one workspace that is emptied before each; only `.nox` is left, so that one environment
serves all of them. A `run:` step is really run, by the shell that the runner uses. What is not there: containers,
services, permissions, concurrency and workflow commands; rights are checked by `tests.workflows.rules` instead.
"""

import itertools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.workflows.artifacts import Artifacts
from tests.workflows.engine import Engine, EngineError
from tests.workflows.step import Step, StepFailed, read_file_command

__all__ = ["Executor", "JobResult", "Server"]

MOST_JOBS: Final = 256
KEPT: Final = ".nox"
SHELL: Final = ("bash", "--noprofile", "--norc", "-eo", "pipefail")
_OF_THIS_MACHINE: Final = ("PATH", "HOME", "LANG", "SSL_CERT_FILE", "NETRC")
_OF_REGISTRIES: Final = ("UV_", "PIP_", "HTTP_", "HTTPS_", "NO_PROXY", "REQUESTS_", "SSL_")
_NOT_CHECKED_OUT: Final = (
    ".git",
    ".nox",
    ".venv",
    ".proctor",
    "__pycache__",
    ".pytest_cache",
    ".ruff_cache",
    "node_modules",
)


@dataclass(frozen=True)
class Server:
    """What a workflow meets: addresses, its repository with files to be checked out, variables and secrets."""

    url: str
    api: str
    tree: Path
    variables: Mapping[str, str]
    secrets: Mapping[str, str]
    extra_files: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    repository: str = "my-course/teachers"
    token: str = "token-of-the-job"  # noqa: S105 - a stand-in


@dataclass
class JobResult:
    """How a job has ended, of all its parts together."""

    result: str
    outputs: dict[str, str] = field(default_factory=dict[str, str])
    parts: list[str] = field(default_factory=list[str])


class Executor:
    """One run of one workflow. ``place`` is an empty folder; ``log`` is everything that was printed."""

    def __init__(
        self, engine: Engine, server: Server, place: Path, after_job: Callable[[str, Artifacts], None] | None = None
    ) -> None:
        self._engine, self._server, self._place, self._after_job = engine, server, place, after_job
        self.workspace = place / "work" / "teachers" / "teachers"
        self.workspace.mkdir(parents=True, exist_ok=True)
        self.artifacts = Artifacts(Path(tempfile.mkdtemp(prefix="run-", dir=place)) / "artifacts")
        self.jobs: dict[str, JobResult] = {}
        self._needs: dict[str, list[str]] = {}
        self.log: list[str] = []
        self.tokens: dict[str, dict[str, str]] = {}

    def run(self, workflow: Path, event: str = "workflow_dispatch") -> dict[str, JobResult]:
        """Run all jobs; return how they ended. Raises EngineError where the workflow cannot be read."""
        document = self._engine.read(workflow)
        for job in document["jobs"]:
            lacking = [one for one in job["needs"] if one not in self.jobs]
            if lacking:
                raise EngineError(f"`{job['id']}` needs {lacking}, which come later; only such an order is run here")
            self._needs[job["id"]] = job["needs"]
            self._run_job(job, document["raw"], event)
            if self._after_job is not None:
                self._after_job(job["id"], self.artifacts)
        return self.jobs

    def _run_job(self, job: dict[str, Any], raw: dict[str, Any], event: str) -> None:
        definition = raw["jobs"][job["id"]]
        contexts = self._contexts(event)
        contexts["needs"] = {one: vars(self.jobs[one]) for one in job["needs"]}
        contexts["status"] = self._status(job)
        if not self._engine.holds(job["if"], contexts):
            self._say(f"== {job['id']}: skipped")
            self.jobs[job["id"]] = JobResult("skipped")
            return
        ended = JobResult("success")
        try:
            cells = self._cells(definition.get("strategy"), contexts)
        except EngineError as error:
            self._say(f"== {job['id']}: {error}")
            self.jobs[job["id"]] = JobResult("failure")
            return
        for cell in cells:
            of_cell = {**contexts, "matrix": cell}
            may_fail = self._engine.evaluate(definition.get("continue-on-error", False), of_cell) is True
            part = self._run_cell(job, definition, raw, of_cell, ended.outputs)
            ended.parts.append(part)
            if part != "success" and not may_fail:
                ended.result = part
        self.jobs[job["id"]] = ended

    def _status(self, job: dict[str, Any]) -> str:
        """Say how all went that a job depends on, whether it needs it itself or another does that it needs."""
        results = {self.jobs[one].result for one in self._before(job["needs"])}
        return "failure" if "failure" in results else "skipped" if "skipped" in results else "success"

    def _before(self, needs: list[str]) -> set[str]:
        return {*needs}.union(*(self._before(self._needs[one]) for one in needs))

    def _cells(self, strategy: dict[str, Any] | None, contexts: dict[str, Any]) -> list[dict[str, Any]]:
        """Return what the matrix makes. Raises EngineError for one that is empty or too large."""
        if not strategy or "matrix" not in strategy:
            return [{}]
        matrix = self._engine.evaluate(strategy["matrix"], contexts)
        include = matrix.pop("include", [])
        cells: list[dict[str, Any]] = [
            dict(zip(matrix, values, strict=True)) for values in itertools.product(*matrix.values())
        ]
        for extra in include:
            fitting = [one for one in cells if all(extra.get(key, value) == value for key, value in one.items())]
            for one in fitting:
                one.update(extra)
            cells += [] if fitting else [extra]
        if not 0 < len(cells) <= MOST_JOBS:
            raise EngineError(f"the matrix has {len(cells)} jobs: there are 1 to {MOST_JOBS}")
        return cells

    def _run_cell(
        self,
        job: dict[str, Any],
        definition: dict[str, Any],
        raw: dict[str, Any],
        contexts: dict[str, Any],
        outputs: dict[str, str],
    ) -> str:
        self._empty_workspace()
        self._say(f"== {self._engine.evaluate(definition.get('name', job['id']), contexts)}")
        contexts = {**contexts, "steps": {}, "status": "success"}
        environment: dict[str, Any] = {**(raw.get("env") or {}), **(definition.get("env") or {})}
        for converted, step in zip(job["steps"], definition["steps"], strict=True):
            name = step.get("id", converted["id"])
            if not self._engine.holds(converted["if"], contexts):
                contexts["steps"][name] = {"outcome": "skipped", "conclusion": "skipped", "outputs": {}}
                continue
            said = self._step(step, environment, contexts)
            outcome = "success"
            try:
                self._do(step, said)
            except StepFailed as error:
                self._say(f"   failed: {error}")
                outcome = "failure"
            conclusion = "success" if step.get("continue-on-error") is True else outcome
            contexts["steps"][name] = {"outcome": outcome, "conclusion": conclusion, "outputs": said.outputs}
            if conclusion == "failure":
                contexts["status"] = "failure"
        named: dict[str, Any] = definition.get("outputs") or {}
        for name, text in named.items():
            value = str(self._engine.evaluate(text, contexts) or "")
            if any(secret and secret in value for secret in self._secrets()):
                self._say(f"   Skip output '{name}' since it may contain secret.")
            else:
                outputs[name] = value
        return contexts["status"]

    def _step(self, step: dict[str, Any], environment: dict[str, Any], contexts: dict[str, Any]) -> Step:
        inputs = self._engine.evaluate(step.get("with") or {}, contexts)
        variables = self._engine.evaluate({**environment, **(step.get("env") or {})}, contexts)
        return Step(self.workspace, _texts(inputs), {**self._variables(), **_texts(variables)})

    def _do(self, step: dict[str, Any], said: Step) -> None:
        if "run" in step:
            self._say(f"   {step['run'].strip()}")
            self._run_line(step["run"], said)
            return
        action = step["uses"].partition("@")[0]
        match action:
            case "actions/checkout":
                self._check_out()
            case "astral-sh/setup-uv":
                if not (self.workspace / said.inputs.get("cache-dependency-glob", "requirements.lock")).exists():
                    raise StepFailed("the workspace has no such file: what should the cache depend on?")
            case "actions/upload-artifact":
                self.artifacts.upload(said)
            case "actions/download-artifact":
                self.artifacts.download(said)
            case "actions/create-github-app-token":
                if not said.inputs["private-key"] or not said.inputs["client-id"]:
                    raise StepFailed("[@octokit/auth-app] an App and its key are needed")
                rights = {key: value for key, value in said.inputs.items() if key.startswith("permission-")}
                token = f"token-{len(self.tokens)}-of-{said.inputs['client-id']}"
                self.tokens[token] = rights
                said.outputs["token"] = token
            case _:
                raise StepFailed(f"there is no stand-in for `{action}`")

    def _run_line(self, line: str, said: Step) -> None:
        with tempfile.TemporaryDirectory(dir=self._place) as name:
            files = {variable: Path(name) / variable for variable in ("GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH")}
            files["GITHUB_STEP_SUMMARY"] = Path(name) / "summary"
            for file in files.values():
                file.touch()
            script = Path(name) / "script.sh"
            script.write_text(line, encoding="utf-8")
            environment = {**said.environment, **{variable: str(file) for variable, file in files.items()}}
            ended = subprocess.run(
                [*SHELL, str(script)],
                cwd=self.workspace,
                env=environment,
                check=False,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
            )
            self._say(*(f"   | {one}" for one in ended.stdout.splitlines()))
            said.outputs.update(read_file_command(files["GITHUB_OUTPUT"].read_text(encoding="utf-8")))
            summary = files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8")
            self._say(*(f"   summary: {one}" for one in summary.splitlines()))
        if ended.returncode:
            raise StepFailed(f"Process completed with exit code {ended.returncode}.")

    def _check_out(self) -> None:
        ignore = shutil.ignore_patterns(*_NOT_CHECKED_OUT)
        shutil.copytree(self._server.tree, self.workspace, ignore=ignore, symlinks=True, dirs_exist_ok=True)
        for name, content in self._server.extra_files.items():
            (self.workspace / name).write_bytes(content)

    def _empty_workspace(self) -> None:
        for one in self.workspace.iterdir():
            if one.name == KEPT:
                continue
            if one.is_dir() and not one.is_symlink():
                shutil.rmtree(one)
            else:
                one.unlink()

    def _contexts(self, event: str) -> dict[str, Any]:
        github: dict[str, Any] = {
            "event_name": event,
            "event": {},
            "ref": "refs/heads/main",
            "repository": self._server.repository,
            "repository_owner": self._server.repository.partition("/")[0],
            "server_url": self._server.url,
            "api_url": self._server.api,
            "token": self._server.token,
            "workspace": str(self.workspace),
        }
        return {
            "github": github,
            "vars": dict(self._server.variables),
            "secrets": dict(self._server.secrets),
            "runner": {"os": "Linux", "temp": str(self._place)},
            "env": {},
            "inputs": {},
            "matrix": {},
            "needs": {},
            "steps": {},
        }

    def _variables(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if name in _OF_THIS_MACHINE or name.upper().startswith(_OF_REGISTRIES)
        }
        return {
            **kept,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}",
            "UV_PYTHON": sys.executable,
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_REPOSITORY": self._server.repository,
            "GITHUB_SERVER_URL": self._server.url,
            "GITHUB_API_URL": self._server.api,
            "GITHUB_WORKSPACE": str(self.workspace),
            "RUNNER_OS": "Linux",
        }

    def _secrets(self) -> list[str]:
        return [*self._server.secrets.values(), self._server.token, *self.tokens]

    def _say(self, *lines: str) -> None:
        self.log += lines


def _texts(values: dict[str, Any]) -> dict[str, str]:
    """Return values as the runner passes them on."""
    return {
        key: "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
        for key, value in values.items()
    }
