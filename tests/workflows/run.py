"""Lints our workflows, and runs two: the self-check of a released course, and the one that grades a class.

The second is run once as it is, and broken in ways that have to be seen.

    python -m tests.workflows.run --size 200 --shards 7

A class is generated, each student with a repository; GitHub's own packages read the workflow, and every line in it is
run. The gradebook has to be the same as that of one run on this machine. Exits with 1 where something is found, the
gradebooks differ, a secret is in the log, or a broken run is green.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from tests.generated_class import GeneratedClass, make_class
from tests.workflows.artifacts import Artifacts
from tests.workflows.engine import Engine, install_packages
from tests.workflows.executor import Executor, Server
from tests.workflows.lint import findings_of
from tests.workflows.rules import WORKFLOWS
from tests.workflows.self_check import findings_in_self_check
from tests.workflows.world import StandIn, make_repositories, stand_in

from proctor.catalog import load_course

__all__ = ["main"]

ROOT: Final = Path(__file__).parents[2]
GRADE_CLASS: Final = ROOT / ".github/workflows/grade-class.yml"
SEED: Final = "1804289383"
SECRETS: Final = {"PROCTOR_SEED": SEED, "PROCTOR_READING_KEY": "key-to-read", "PROCTOR_WRITING_KEY": "key-to-write"}
SMALL: Final = 4
SHOWN: Final = 6
Meddle = Callable[[str, Artifacts], None]


class Trial:
    """A class of one size and its server; ``troubles`` counts what should not be."""

    def __init__(self, engine: Engine, folder: Path, slugs: Sequence[str], size: int, shards: int) -> None:
        self._engine, self._folder, self._slugs, self._size, self._shards = engine, folder, slugs, size, shards
        self._class: GeneratedClass = make_class(folder / "class", load_course(ROOT).select(slugs), size)
        self._commits = make_repositories(self._class, folder / "server")
        self.troubles = 0

    def grade(self) -> None:
        """Run the workflow as it is, and compare its gradebook with that of one run."""
        run, state = self._run(GRADE_CLASS)
        results = {name: job.result for name, job in run.jobs.items()}
        is_green = set(results.values()) == {"success"}
        self._say(f"{self._size} students, {self._shards} shards: {results}", is_right=is_green)
        if not is_green:
            print("\n".join(run.log))
            return
        artifacts = run.artifacts.names()
        shards = [name for name in artifacts if name.startswith("grades-")]
        self._say(f"{len(shards)} artifacts of shards", is_right=len(shards) == self._shards)
        asked = sorted((name, document["head_sha"]) for name, document in state.check_runs)
        self._say(f"{len(asked)} check runs, one at every commit", is_right=asked == sorted(self._commits.items()))
        self._say(f"{len(state.refused)} requests without the right to it", is_right=not state.refused)
        shown = "\n".join([*run.log, *artifacts])
        known = [one for one in [*SECRETS.values(), *run.tokens] if one in shown]
        self._say(f"{len(known)} secrets in the log and in names", is_right=not known)
        merged = self._dump(run, run.artifacts.folder / "gradebook" / "gradebook.sqlite3")
        whole = self._dump(run, self._grade_at_once(run))
        same = merged == whole
        rows = merged.count("\n")
        self._say(f"the gradebook of one run on this machine, {rows} lines, is the same: {same}", is_right=same)
        differences = sorted({*merged.splitlines()}.symmetric_difference(whole.splitlines()))
        print("".join(f"         {one[:300]}\n" for one in differences[:SHOWN]), end="", flush=True)

    def fails(
        self, what: str, job: str, because: str, change: tuple[str, str] = ("", ""), meddle: Meddle | None = None
    ) -> None:
        """Run it with something broken: ``job`` has to fail for this reason, and nobody may be told a grade."""
        broken = self._folder / "broken.yml"
        text = GRADE_CLASS.read_text(encoding="utf-8")
        broken.write_text(text.replace(*change) if change[0] else text, encoding="utf-8")
        run, state = self._run(broken, meddle)
        result = run.jobs[job].result
        why = next((one.strip(" |") for one in run.log if because in one), "")
        is_right = result == "failure" and why != "" and not state.check_runs
        self._say(f"{what}: {job} ends with {result}, {len(state.check_runs)} check runs. {why}", is_right=is_right)
        if not is_right:
            print("\n".join(run.log))

    def _run(self, workflow: Path, meddle: Meddle | None = None) -> tuple[Executor, StandIn]:
        with stand_in(self._commits, "my-course/teachers") as state:
            server = Server(
                url=f"file://{self._folder / 'server'}",
                api=state.api,
                tree=ROOT,
                variables={
                    "PROCTOR_REPOSITORIES": "my-course/work-{github}",
                    "PROCTOR_ORGANISATION": "my-course",
                    "PROCTOR_EXERCISES": " ".join(self._slugs),
                    "PROCTOR_SHARDS": str(self._shards),
                    "PROCTOR_READING_APP": "app-that-reads",
                    "PROCTOR_WRITING_APP": "app-that-writes",
                    "PROCTOR_PUBLISH": "yes",
                },
                secrets=SECRETS,
                extra_files={"roster.csv": self._class.roster.read_bytes()},
            )
            run = Executor(self._engine, server, self._folder.parent, meddle)
            state.tokens = run.tokens
            run.run(workflow)
        return run, state

    def _grade_at_once(self, run: Executor) -> Path:
        """Grade the same commits in one go; return the gradebook."""
        place = self._folder / "at-once"
        place.mkdir()
        pins = run.artifacts.folder / "repositories" / "repositories.csv"
        gradebook = place / "gradebook.sqlite3"
        exercises = [word for slug in self._slugs for word in ("--exercise", slug)]
        where = ["--gradebook", str(gradebook), "--roster", str(self._class.roster), "--seed", SEED]
        ended = self._proctor(run, "classroom", str(pins), *exercises, *where)
        if ended.returncode != 1:  # a class like this one always loses points
            self._say(f"one run on this machine: {ended.stdout}{ended.stderr}", is_right=False)
        return gradebook

    def _dump(self, run: Executor, gradebook: Path) -> str:
        return self._proctor(run, "gradebook", "dump", "--no-times", "--gradebook", str(gradebook)).stdout

    def _proctor(self, run: Executor, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the environment that the jobs had: other packages would be other circumstances."""
        command = [run.workspace / ".nox" / "actions" / "bin" / "proctor", *words]
        return subprocess.run(command, cwd=run.workspace, check=False, capture_output=True, text=True)

    def _say(self, what: str, *, is_right: bool) -> None:
        self.troubles += not is_right
        print(f"{'right' if is_right else 'WRONG'}    {what}", flush=True)


def tell(what: str, findings: Sequence[str]) -> None:
    """Print what was found."""
    print(f"{'WRONG' if findings else 'right'}    {what}: {len(findings)} findings", *findings, sep="\n", flush=True)


def give_all_points(job: str, artifacts: Artifacts) -> None:
    """Alter the results of a shard, as a machine that was taken over could."""
    if job == "grade":
        for path in sorted(artifacts.folder.glob("grades-*/*.jsonl")):
            lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
            for line in lines:
                if line.get("kind") == "attempt":
                    line["scorecard"]["score"] = 100
            path.write_text("".join(f"{json.dumps(one)}\n" for one in lines), encoding="utf-8")


def speak_for_others(job: str, artifacts: Artifacts) -> None:
    """Let one shard leave results of another, and not its own."""
    other = artifacts.folder / "grades-002" / "shard-002.jsonl"
    if job == "grade" and other.exists():
        (artifacts.folder / "grades-001" / "shard-001.jsonl").write_bytes(other.read_bytes())


def change_the_course(job: str, artifacts: Artifacts) -> None:
    """Give the name of the course to another one, for the jobs that hold tokens to run."""
    if job == "grade":
        artifacts.replace("course", "noxfile.py", b"raise SystemExit('another noxfile runs')")


BROKEN: Final = (
    (
        "artifacts of the same name", "grade", "409 Conflict: an artifact with the name grades-001 exists already",
        ("grades-${{ matrix.shard }}", "grades-001"), None,
    ),
    ("altered points", "merge", "do not add up", ("", ""), give_all_points),
    ("a shard that speaks for others", "merge", "is no result of shard 001 of this plan", ("", ""), speak_for_others),
    ("another course of the same name", "merge", "None of the provided artifact IDs", ("", ""), change_the_course),
    (
        "an exercise that is not there", "plan", "there is no exercise `no-such-exercise`",
        ("${{ vars.PROCTOR_EXERCISES }}", "no-such-exercise"), None,
    ),
)  # fmt: skip
"""What is broken, which job has to fail and why, what is replaced in the workflow, and who meddles between jobs."""


def main() -> int:
    """Do what the command line says; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=200)
    parser.add_argument("--shards", type=int, default=7)
    parser.add_argument("--exercise", action="append", default=[])
    options = parser.parse_args()
    slugs = options.exercise or ["middleware-onion"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        install_packages(folder / "engine")
        with Engine(folder / "engine") as engine:
            findings = findings_of(engine, WORKFLOWS)
            tell("linters and rules", findings)
            in_self_check = findings_in_self_check(engine, folder / "self-check")
            tell("the self-check of students, red without answers and green with them", in_self_check)
            findings += in_self_check
            small = Trial(engine, folder / "small", slugs, SMALL, 2)
            for broken in BROKEN:
                small.fails(*broken)
            great = Trial(engine, folder / "great", slugs, options.size, options.shards)
            great.grade()
    return 1 if findings or small.troubles or great.troubles else 0


if __name__ == "__main__":
    sys.exit(main())
