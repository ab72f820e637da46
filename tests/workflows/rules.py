"""What holds for every workflow of ours, read from its text alone: pins, rights, secrets and lines that are run."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

__all__ = ["WORKFLOWS", "complaints", "steps_of"]

ROOT: Final = Path(__file__).parents[2]
WORKFLOWS: Final = (
    ROOT / ".github/workflows/course.yml",
    ROOT / ".github/workflows/grade-class.yml",
    ROOT / "src/proctor/release/templates/self-check.yml",
)

_EVENTS: Final = {"workflow_dispatch", "schedule", "push", "pull_request"}
_NOX: Final = re.compile(r"uvx --constraints requirements\.lock nox -s [a-z]+( -- [a-z0-9.-]+( [a-z0-9.-]+)*)?")
_USES: Final = re.compile(r"^\s*(?:- )?uses: (\S+)(.*)$", re.MULTILINE)
_PINNED: Final = re.compile(r"[\w.-]+/[\w.-]+@[0-9a-f]{40}")
_VERSION: Final = re.compile(r" # v\d+\.\d+\.\d+")
_SECRET: Final = re.compile(r"\bsecrets\b|github\s*\.\s*token|github\s*\[|toJSON\(\s*github")


def complaints(text: str) -> list[str]:
    """Return what is wrong with a workflow, a sentence each."""
    document: dict[Any, Any] = yaml.safe_load(text)
    return [*_events(document), *_pins(text), *_lines(document), *_rights(document), *_strangers(document)]


def steps_of(document: dict[Any, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every step with the job that it is in."""
    for name, job in document["jobs"].items():
        for step in job.get("steps", []):
            yield name, step


def _events(document: dict[Any, Any]) -> Iterator[str]:
    events = document.get("on", document.get(True))  # YAML 1.1 reads `on` as true
    names: list[str] = [events] if isinstance(events, str) else list(events or ())
    for name in sorted({*names} - _EVENTS):
        yield f"starts by `{name}`"


def _pins(text: str) -> Iterator[str]:
    versions: dict[str, set[str]] = {}
    for action, comment in _USES.findall(text):
        if not _PINNED.fullmatch(action):
            yield f"`{action}` is not pinned by the 40 digits of a commit"
        if not _VERSION.fullmatch(comment):
            yield f"`{action}` has no comment with its version"
        versions.setdefault(action.partition("@")[0], set()).add(action)
    for action, pins in sorted(versions.items()):
        if len(pins) > 1:
            yield f"`{action}` is pinned to several commits"


def _lines(document: dict[Any, Any]) -> Iterator[str]:
    for job, step in steps_of(document):
        line = step.get("run")
        if line is not None and not _NOX.fullmatch(line):
            yield f"job `{job}` runs more than one line of nox: `{line}`"
        if "shell" in step or "working-directory" in step:
            yield f"job `{job}` runs a line in another shell or folder"


def _rights(document: dict[Any, Any]) -> Iterator[str]:
    if document.get("permissions") != {}:
        yield "`permissions` of the workflow are not `{}`"
    if "concurrency" not in document:
        yield "`concurrency` is not said"
    for name, job in document["jobs"].items():
        if not isinstance(job.get("permissions"), dict):
            yield f"job `{name}` does not say its `permissions`"
        elif set(job["permissions"].items()) - {("contents", "read")}:
            yield f"job `{name}` may do more than read this repository"
        if "timeout-minutes" not in job:
            yield f"job `{name}` has no `timeout-minutes`"
    for name, step in steps_of(document):
        inputs = step.get("with", {})
        if step.get("uses", "").startswith("actions/checkout@") and inputs.get("persist-credentials") is not False:
            yield f"job `{name}` leaves its token where it checks out"
        is_uv = step.get("uses", "").startswith("astral-sh/setup-uv@")
        restores = is_uv and not {inputs.get("enable-cache", True), inputs.get("restore-cache", True)} & {False}
        if restores and _SECRET.search(str(document["jobs"][name])):
            yield f"job `{name}` knows a secret and restores a cache"


def _by_name(document: dict[Any, Any], stranger: str) -> Iterator[str]:
    """Look at what later jobs take by a name, which a machine that was taken over can give to something else."""
    behind = {stranger}
    for name, job in document["jobs"].items():  # they stand in the order in which they need each other
        needs = job.get("needs", [])
        behind |= {name} if behind & ({needs} if isinstance(needs, str) else {*needs}) else set()
    for name, step in steps_of(document):
        if (
            name in behind - {stranger}
            and "download-artifact" in step.get("uses", "")
            and "name" in step.get("with", {})
        ):
            yield f"job `{name}` takes an artifact by its name after job `{stranger}` has run code of students"


def _strangers(document: dict[Any, Any]) -> Iterator[str]:
    """Look at jobs that run the code of students beside what is worth stealing."""
    for name, job in document["jobs"].items():
        if not any(step.get("run", "").endswith("nox -s actions -- grade") for step in job.get("steps", [])):
            continue
        if job["permissions"] != {}:
            yield f"job `{name}` runs the code of students and has permissions"
        if _SECRET.search(str(job)) or _SECRET.search(str(document.get("env", ""))) or "environment" in job:
            yield f"job `{name}` runs the code of students and knows a secret"
        used = {step["uses"].partition("@")[0] for step in job["steps"] if "uses" in step}
        for action in sorted(used & {"actions/checkout", "actions/cache", "actions/create-github-app-token"}):
            yield f"job `{name}` runs the code of students and uses `{action}`"
        caches = [step["with"] for step in job["steps"] if step.get("uses", "").startswith("astral-sh/setup-uv@")]
        yield from _by_name(document, name)
        if any(cache.get("save-cache") is not False and cache.get("enable-cache") is not False for cache in caches):
            yield f"job `{name}` runs the code of students and saves a cache"
