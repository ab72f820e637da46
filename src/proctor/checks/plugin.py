"""The pytest plugin: checks are plain tests below ``graders/<slug>/`` that ask for a `stage`.

A teacher's own pytest has everything: ``pytest graders/cors-desk --submission DIR -k preflight``. The runner of
`proctor grade` uses the same plugin and runs the same checks on many submissions (`proctor.checks.runner`).

Outcomes are three. *passed*: set-up, check and tear-down all went through. *failed*: the submission did not do it, and
`CheckFailed` has the words. *error*: we could not decide, which nothing that happens after the stage has reported
ready can bring about, except that the stage goes silent without using the processor.
"""

import sys
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final, cast

import pytest
import pytest_asyncio

from proctor.checks.draw import Draw
from proctor.checks.stage import Stage, StageFactory
from proctor.checks.theatre import Theatre
from proctor.errors import CheckFailed, CourseError, OurFault, Unreadable, UsageError
from proctor.hostile_text import neutral
from proctor.job import Job
from proctor.verdict import CheckSpec, Verdict, Visibility

__all__ = ["JOB", "LISTENERS", "SPEC", "THEATRE"]


@dataclass(frozen=True)
class _Phase:
    """What came of the set-up, the check itself or the tear-down."""

    outcome: str
    message: str = ""
    unreadable: bool = False


JOB: Final = pytest.StashKey[Job]()
LISTENERS: Final = pytest.StashKey[Callable[[CheckSpec | Verdict | str], None]]()
THEATRE: Final = pytest.StashKey[Theatre]()
SPEC: Final = pytest.StashKey[CheckSpec]()
PHASES: Final = pytest.StashKey[list["_Phase"]]()
SECONDS: Final = pytest.StashKey[float]()
STAGES: Final = pytest.StashKey[list[Stage]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add our options."""
    group = parser.getgroup("proctor", "checks of FastAPI exercises")
    group.addoption("--submission", type=Path, help="folder that mirrors exercises/ (default), or one exercise's files")
    group.addoption("--seed", type=int, default=0, help="seed of the drawn values")
    group.addoption("--shuffle", type=int, default=None, metavar="SEED", help="run the checks in random order")


def pytest_configure(config: pytest.Config) -> None:
    """Declare our markers, and let graders import `shared_checks`."""
    sys.path.append(str(config.rootpath / "graders"))  # last, so that it hides no package
    for line in (
        "points(n): the integer points of a check; those of an exercise add up to 100",
        f"visibility(word): who reads the feedback, one of {', '.join(Visibility)}",
        "mistake(name): the mistake of mistakes.toml that this check alone usually shows",
        "public: students are given the source of this check; without it, a check is hidden",
    ):
        config.addinivalue_line("markers", line)


# Which submissions meet which checks


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Read what every check declares and leave out what declares nothing sensible.

    On the command line, give every check its submission and shuffle where asked to; the runner does that by itself.
    """
    items[:] = [item for item in items if _is_wanted(config, item)]
    if LISTENERS in config.stash:
        return
    for item in items:
        if SPEC in item.stash:
            item.stash[JOB] = _job_of_command_line(item.path.parent, config)
    if (seed := config.getoption("--shuffle")) is not None:
        Random(seed).shuffle(items)  # noqa: S311 - an order, not a secret


def _is_wanted(config: pytest.Config, item: pytest.Item) -> bool:
    """Tell whether to run an item: any test that is no check, and a check that is in order."""
    if not isinstance(item, pytest.Function) or "submission_job" not in item.fixturenames or not _is_grader(item.path):
        return True
    try:
        spec = item.stash[SPEC] = _read_spec(item, item.path.parent.name)
    except CourseError as error:
        if LISTENERS not in config.stash:
            raise pytest.UsageError(str(error)) from None
        _tell(config, str(error))
        return False
    _tell(config, spec)
    return True


@cache
def _is_grader(path: Path) -> bool:
    """Tell whether checks in this file belong to an exercise."""
    folder = path.parent
    return folder.parent.name == "graders" and (folder.parent.parent / "exercises" / "course.toml").is_file()


_JOBS_OF_COMMAND_LINE: Final[dict[Path, Job]] = {}


def _job_of_command_line(grader: Path, config: pytest.Config) -> Job:
    if grader not in _JOBS_OF_COMMAND_LINE:
        from proctor.catalog import find_root, load_course  # noqa: PLC0415 - the runner does without, and is there sooner
        from proctor.submission import read_submission  # noqa: PLC0415 - same

        exercise = load_course(find_root(grader)).exercise(grader.name)
        root: Path = config.getoption("--submission") or exercise.root / "exercises"
        folder = root if (root / exercise.main_file).is_file() else root / exercise.slug
        job = read_submission(exercise, folder).to_job("submission")
        _JOBS_OF_COMMAND_LINE[grader] = replace(job, seed=cast("int", config.getoption("--seed")))
    return _JOBS_OF_COMMAND_LINE[grader]


def _read_spec(item: pytest.Function, exercise: str) -> CheckSpec:
    documentation: str = cast("Any", item).function.__doc__ or ""
    title = documentation.strip().partition("\n")[0].strip()
    name = item.originalname.removeprefix("test_")
    points = [marker.args for marker in item.iter_markers("points")]
    visibility = [marker.args for marker in item.iter_markers("visibility")] or [("always",)]
    mistake = [marker.args for marker in item.iter_markers("mistake")] or [("",)]
    where = f"`{item.path}`, `{item.originalname}`"
    if not title:
        raise CourseError(f"{where}: a check needs a docstring; it is the sentence that the learner reads")
    if len(points) != 1 or len(points[0]) != 1 or type(points[0][0]) is not int or points[0][0] < 1:
        raise CourseError(f"{where}: a check needs one marker `points(n)` with n a positive whole number")
    if visibility[0] not in {(word,) for word in Visibility}:
        raise CourseError(f"{where}: visibility is one of {', '.join(Visibility)}")
    return CheckSpec(exercise, name, title, points[0][0], visibility[0][0], mistake[0][0])


# Fixtures


@pytest.fixture(scope="session")
def theatre(request: pytest.FixtureRequest) -> Iterator[Theatre]:
    """Where the stages of this run come from."""
    shared = request.config.stash.get(THEATRE, None)
    if shared is not None:
        yield shared
    else:
        with Theatre() as own:
            yield own


@pytest.fixture
def submission_job(request: pytest.FixtureRequest) -> Job:
    """The submission that this check is run on."""
    node = cast("pytest.Function", request.node)
    if JOB not in node.stash:
        raise UsageError(f"`{node.nodeid}` asks for a stage but lies in no `graders/<exercise>/` folder")
    return node.stash[JOB]


@pytest.fixture
def draw(request: pytest.FixtureRequest, submission_job: Job) -> Draw:
    """Values drawn for this check."""
    name = cast("pytest.Function", request.node).originalname.removeprefix("test_")
    return Draw(submission_job.seed, submission_job.play.exercise, name)


@pytest_asyncio.fixture
async def stages(request: pytest.FixtureRequest, theatre: Theatre, submission_job: Job) -> AsyncIterator[StageFactory]:
    """Open stages of the submission: two of them share nothing, like two workers."""
    play = submission_job.play
    with ExitStack() as closing:

        async def open_stage(*, replacing: Mapping[str, bytes] | None = None) -> Stage:
            replaced = dict(replacing or {})
            if not replaced.keys() <= play.given:
                raise CourseError(f"`{request.node.nodeid}` replaces a file that `{play.exercise}` does not give")
            if submission_job.unreadable:
                raise Unreadable(submission_job.unreadable)
            try:
                stage = await Stage.open(
                    theatre,
                    play.files | replaced,
                    play.main_file,
                    props=play.props,
                    interface=play.interface,
                    profile=play.profile,
                    preload=play.preload,
                    anew=bool(_stages_of(request.node)),  # two stages of one check share nothing, like two workers
                )
            except Unreadable as error:
                if not replaced:  # with the files as the learner has them it may well be readable
                    submission_job.unreadable = str(error)
                raise
            closing.callback(stage.close)
            _stages_of(request.node).append(stage)
            return stage

        yield open_stage


@pytest_asyncio.fixture
async def stage(stages: StageFactory) -> Stage:
    """A fresh stage with the submission loaded."""
    return await stages()


# Verdicts


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Sort what happened into the three outcomes, and show the message instead of the grader's source."""
    report = yield
    if SPEC not in item.stash:
        return report
    if call.excinfo is not None:
        phase = _classify(call.excinfo.value, has_stage=bool(_stages_of(item)))
        report.longrepr = f"{phase.message}\n"
    elif hasattr(report, "wasxfail") or not report.passed:
        phase = _Phase("failed", "the check was skipped or marked xfail, which scores nothing")
    else:
        phase = _Phase("passed")
    item.stash.setdefault(PHASES, []).append(phase)
    item.stash[SECONDS] = item.stash.get(SECONDS, 0.0) + report.duration
    if report.when == "teardown":
        _tell(item.config, _conclude(item))
    return report


def _stages_of(item: pytest.Item) -> list[Stage]:
    return item.stash.setdefault(STAGES, [])


def _classify(error: BaseException, *, has_stage: bool) -> _Phase:
    while isinstance(error, BaseExceptionGroup):
        error = cast("BaseExceptionGroup[BaseException]", error).exceptions[0]
    if isinstance(error, CheckFailed):
        return _Phase("failed", str(error), unreadable=isinstance(error, Unreadable))
    if isinstance(error, pytest.skip.Exception):
        return _Phase("failed", f"the check was skipped, which scores nothing: {error.msg}")
    if isinstance(error, OurFault) or not has_stage:
        return _Phase("error", f"{type(error).__name__}: {error}")
    # The exception is the grader's own, and its text may hold what is expected.
    return _Phase("failed", f"this check could not make sense of what your code did ({type(error).__name__})")


def _conclude(item: pytest.Item) -> Verdict:
    """Put the phases together: the first one that did not pass decides."""
    decisive = next((phase for phase in item.stash[PHASES] if phase.outcome != "passed"), _Phase("passed"))
    return Verdict(
        job=item.stash[JOB].key,
        check=item.stash[SPEC].id,
        outcome=decisive.outcome,
        message=neutral(decisive.message),
        printed="".join(stage.printed for stage in _stages_of(item)),
        unreadable=decisive.unreadable,
        duration=item.stash[SECONDS],
    )


def _tell(config: pytest.Config, news: CheckSpec | Verdict | str) -> None:
    """Tell the runner, if there is one; a text says what is broken in a grader."""
    listener = config.stash.get(LISTENERS, None)
    if listener is not None:
        listener(news)
