"""From submissions to scorecards: runs the checks in processes of their own, tries again what was our fault.

The grader owns the list of checks. A check that is missing, reported twice, skipped or unknown scores nothing and is
shown; an exercise whose points do not add up to 100 is not graded at all. No verdict is read from an exit status.
"""

import base64
import json
import os
import selectors
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from proctor.catalog import Exercise
from proctor.feedback import explain
from proctor.isolation.layers import Layer
from proctor.isolation.protection import Isolation, Protection, choose
from proctor.isolation.stage_folder import remove_tree
from proctor.isolation.warm_server import WarmServer
from proctor.scorecard import CheckResult, Outcome, Scorecard, Status, Visibility
from proctor.submission import Submission
from proctor.verdict import CheckSpec, Verdict

__all__ = ["Task", "grade"]

FULL_SCORE: Final = 100
Progress = Callable[[Verdict, int], None]

SILENCE: Final = 300.0
"""Seconds without a verdict after which a runner is given up; far above what the guards of one check allow."""


@dataclass(frozen=True)
class Task:
    """A submission to grade; ``key`` is unique in the run and comes back with the scorecard."""

    key: str
    submission: Submission


@dataclass
class _Harvest:
    """What the runners reported."""

    specs: dict[str, list[CheckSpec]] = field(default_factory=dict[str, list[CheckSpec]])
    verdicts: dict[str, list[Verdict]] = field(default_factory=dict[str, list[Verdict]])
    broken: list[str] = field(default_factory=list[str])

    def add(self, news: dict[str, Any]) -> Verdict | None:
        """Take in one line of a runner; return the verdict, if it is one."""
        if "spec" in news:
            spec = CheckSpec(**news["spec"])
            known = self.specs.setdefault(spec.exercise, [])
            if spec not in known:  # every lane collects all checks
                known.append(spec)
        elif "verdict" in news:
            verdict = Verdict(**news["verdict"])
            self.verdicts.setdefault(verdict.job, []).append(verdict)
            return verdict
        elif "broken" in news:
            self.broken.append(news["broken"])
        return None


def grade(
    tasks: Sequence[Task],
    *,
    protection: Protection | None = None,
    seed: int = 0,
    shuffle: int | None = None,
    progress: Progress = lambda _verdict, _total: None,
) -> list[Scorecard]:
    """Grade submissions; return their scorecards in the order of the tasks.

    ``protection`` says what holds them; without one it is what this machine offers. ``progress`` hears of every verdict
    as it comes, and of how many there will be. ``shuffle`` seeds a random order of the checks, which no score depends
    on.
    """
    run = _Run(protection or choose(Isolation.AUTO), seed, shuffle, progress)
    harvest = _Harvest()
    possible = [task for task in tasks if run.can_hold(task)]
    run.check(possible, {}, harvest)
    for task in possible:  # each by itself: whoever brought down the others' server or runner now meets nobody
        if undecided := _undecided(harvest, task):
            decided = [verdict for verdict in harvest.verdicts.get(task.key, []) if verdict.check not in undecided]
            harvest.verdicts[task.key] = decided
            run.check([task], {task.key: undecided}, harvest)
    return [_scorecard(task, harvest) if run.can_hold(task) else _unavailable(task, run.protection) for task in tasks]


def _undecided(harvest: _Harvest, task: Task) -> list[str]:
    """Checks that were not decided, and are worth a second try."""
    outcomes = {verdict.check: verdict.outcome for verdict in harvest.verdicts.get(task.key, [])}
    specs = harvest.specs.get(task.submission.exercise.slug, [])
    return [spec.id for spec in specs if outcomes.get(spec.id, "error") == "error"]


# Running


@dataclass(frozen=True)
class _Run:
    """What is the same for everything that is graded together."""

    protection: Protection
    seed: int
    shuffle: int | None
    progress: Progress

    def can_hold(self, task: Task) -> bool:
        """Tell whether this machine has what the exercise needs."""
        return self.protection.can_hold(task.submission.exercise.manifest.stage)

    def check(self, tasks: Sequence[Task], only: dict[str, list[str]], harvest: _Harvest) -> None:
        """Run the checks of these tasks, or only some of them (by key), and harvest what comes of them."""
        if not tasks:
            return
        lanes = min(os.cpu_count() or 1, len(tasks))
        plan = {
            "root": str(tasks[0].submission.exercise.root),
            "seed": self.seed,
            "shuffle": self.shuffle,
            "lanes": lanes,
            "grader": os.getpid(),
            "protection": self.protection.to_plan(),
            "jobs": [_entry(task, only.get(task.key)) for task in tasks],
        }
        with ExitStack() as open_ones:
            folder = open_ones.enter_context(_temporary_folder())
            server = open_ones.enter_context(WarmServer(self.protection)) if self.protection.forks else None
            runners = [_start({**plan, "lane": lane}, server, folder) for lane in range(lanes)]
            try:
                submissions = Counter(task.submission.exercise.slug for task in tasks)
                _listen(runners, harvest, lambda verdict: self.progress(verdict, _expected(submissions, harvest)))
            finally:
                for process, news in runners:
                    process.kill()
                    process.wait()
                    news.close()


def _expected(submissions: Counter[str], harvest: _Harvest) -> int:
    """Return how many verdicts there will be for so many submissions by exercise, as far as the checks are known."""
    return sum(count * len(harvest.specs.get(slug, ())) for slug, count in submissions.items())


def _entry(task: Task, only: Iterable[str] | None) -> dict[str, Any]:
    submission = task.submission
    return {
        "key": task.key,
        "exercise": submission.exercise.slug,
        "files": {name: base64.b64encode(content).decode() for name, content in submission.files.items()},
        "digest": submission.digest,
        "problem": submission.problem,
        "only": None if only is None else sorted(only),
    }


@contextmanager
def _temporary_folder() -> Generator[Path]:
    """A folder for what the runners write: one that is killed cannot clean up after itself."""
    folder = Path(tempfile.mkdtemp(prefix="proctor-run-"))
    try:
        yield folder
    finally:
        remove_tree(folder)


def _start(plan: dict[str, Any], server: WarmServer | None, folder: Path) -> tuple[subprocess.Popen[bytes], IO[bytes]]:
    news, theirs = os.pipe()
    control = server.join() if server else None
    descriptors = [theirs, *([control.fileno()] if control else [])]
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "PYTHON"))}
    environment.pop("CI", None)  # with it, pytest writes diffs of any length
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "proctor.checks.runner", *map(str, descriptors)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        pass_fds=descriptors,
        env={**environment, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "TMPDIR": str(folder)},
        start_new_session=True,  # Ctrl-C is for us; we then end the runners
    )
    os.close(theirs)
    if control:
        control.close()
    if process.stdin is not None:
        stages = str(server.stages) if server else ""
        with (
            suppress(BrokenPipeError),
            process.stdin as plan_file,
        ):  # a runner that is gone reports nothing, which shows
            plan_file.write(json.dumps({**plan, "stages": stages}).encode())
    return process, os.fdopen(news, "rb")


def _listen(
    runners: list[tuple[subprocess.Popen[bytes], IO[bytes]]], harvest: _Harvest, heard: Callable[[Verdict], None]
) -> None:
    """Take in what all runners say until each has closed its pipe, or says nothing for too long."""
    with selectors.DefaultSelector() as selector:
        for _, news in runners:
            selector.register(news, selectors.EVENT_READ, bytearray())
        while selector.get_map():
            ready = selector.select(SILENCE)
            if not ready:
                harvest.broken.append(f"a runner said nothing for {SILENCE:g} s")
                return
            for key, _ in ready:
                data = os.read(key.fd, 1 << 16)
                if not data:
                    selector.unregister(key.fileobj)
                key.data.extend(data)
                *lines, rest = bytes(key.data).split(b"\n")
                key.data[:] = rest
                for line in lines:
                    verdict = harvest.add(json.loads(line))
                    if verdict is not None:
                        heard(verdict)


# Scoring


def _scorecard(task: Task, harvest: _Harvest) -> Scorecard:
    exercise = task.submission.exercise
    specs = harvest.specs.get(exercise.slug, [])
    verdicts = harvest.verdicts.get(task.key, [])
    fault = _fault(specs, verdicts, harvest, exercise)
    results = [_result(spec, [one for one in verdicts if one.check == spec.id]) for spec in specs]
    is_unreadable = bool(verdicts) and all(verdict.unreadable for verdict in verdicts)
    if fault or any(result.outcome is Outcome.ERROR for result in results):
        status, message = Status.ERROR, fault or "some checks could not be decided; this is not your fault"
    elif is_unreadable:
        status, message = Status.UNREADABLE, verdicts[0].message
    else:
        status, message = Status.GRADED, "this is still the untouched stub" if task.submission.is_stub else ""
    if status is Status.GRADED and not task.submission.is_stub:
        results = explain(exercise, results, {spec.id: spec.mistake for spec in specs})
    return Scorecard(
        exercise=exercise.slug,
        submission=task.submission.digest,
        graders=exercise.graders_digest,
        status=status,
        score=None if status is Status.ERROR else sum(result.score or 0 for result in results),
        max_score=sum(spec.points for spec in specs),
        duration_s=round(sum(verdict.duration for verdict in verdicts), 3),
        message=message,
        checks=tuple(results),
    )


def _unavailable(task: Task, protection: Protection) -> Scorecard:
    """Say that an exercise about servers cannot be graded here, and what it would take."""
    return Scorecard(
        exercise=task.submission.exercise.slug,
        submission=task.submission.digest,
        graders=task.submission.exercise.graders_digest,
        status=Status.UNAVAILABLE,
        score=None,
        max_score=FULL_SCORE,
        duration_s=0.0,
        message="this exercise starts servers of its own, which needs a private network: "
        + protection.missing.get(Layer.VIEW, "there is none"),
        checks=(),
    )


def _fault(specs: list[CheckSpec], verdicts: list[Verdict], harvest: _Harvest, exercise: Exercise) -> str:
    """Say what is wrong with the graders themselves, or return an empty text."""
    points = sum(spec.points for spec in specs)
    if points != FULL_SCORE:
        broken = "".join(f"\n{one}" for one in dict.fromkeys(harvest.broken))
        return f"the checks in `{exercise.grader}` are worth {points} points together, and not {FULL_SCORE}{broken}"
    unknown = {verdict.check for verdict in verdicts} - {spec.id for spec in specs}
    return f"verdicts for unknown checks: {', '.join(sorted(unknown))}" if unknown else ""


def _result(spec: CheckSpec, verdicts: list[Verdict]) -> CheckResult:
    if len(verdicts) == 1:
        outcome, message, printed = Outcome(verdicts[0].outcome), verdicts[0].message, verdicts[0].printed
    elif verdicts:
        outcome, message, printed = Outcome.FAILED, "this check was reported more than once, which scores nothing", ""
    else:
        outcome, message, printed = Outcome.ERROR, "this check was not reported; its runner ended early", ""
    return CheckResult(
        id=spec.id,
        title=spec.title,
        points=spec.points,
        score={Outcome.PASSED: spec.points, Outcome.FAILED: 0, Outcome.ERROR: None}[outcome],
        outcome=outcome,
        visibility=Visibility(spec.visibility),
        message=message,
        printed=printed,
    )
