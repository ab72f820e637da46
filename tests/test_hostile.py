"""Submissions that want points without the work. Each attack is a file of ``tests/hostile/``.

An attack that brings no ``create_app`` of its own is put in front of the stub, which fails every check: a single point
shows that the attack works. All of them are graded in one run, between right answers that must not notice.
"""

import json
import os
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from proctor.catalog import load_course
from proctor.checks.draw import Draw
from proctor.grade import Task, grade
from proctor.isolation.protection import BARE
from proctor.scorecard import CheckResult, Outcome, Report, Scorecard, Status
from proctor.submission import Submission, read_files, read_submission

EXERCISE = load_course(Path(__file__).parents[1]).exercise("middleware-onion")
STUB = EXERCISE.stub / "main.py"
REFERENCE = EXERCISE.solution / "main.py"
HOSTILE = Path(__file__).parent / "hostile"
FORGING = Path(__file__).parent / "attacks" / "forging"
SHARED = {
    "ends_pytest_at_import",
    "exits_at_import",
    "hides_equals_in_plain_messages",
    "skips_at_import",
    "xfails_at_import",
}
"""Attacks of the large suite whose words to the learner are looked at here."""
SEED = 918273645546372819

AT_IMPORT = {
    "exits_at_import": "it left with exit status 0",
    "exits_politely_at_import": "SystemExit: 0",
    "skips_at_import": "Skipped: not today",
    "xfails_at_import": "XFailed: known to fail",
    "ends_pytest_at_import": "Exit: all done",
    "forges_half_of_being_ready": "your code wrote on the grader's channel",
    "forges_verdicts": "your code wrote on the grader's channel",
    "writes_garbage": "your code wrote on the grader's channel",
}
"""Attacks that end with the import: what the learner reads then."""

WHILE_ANSWERING = {
    "exits_while_answering": "your code ended its process",
    "skips_while_answering": "your code raised Skipped: not today",
    "xfails_while_answering": "your code raised XFailed: known to fail",
    "ends_pytest_while_answering": "your code raised Exit: all done",
}
"""Attacks that end every request: what the learner reads at every check."""

ALONE = {
    "looks_around",
    "kills_its_parent",
    "leaves_a_process_behind",
    "leaves_a_process_behind_and_exits",
    "reports_work_that_it_did_not_do",
}
"""Attacks that have a test, and a run, of their own."""

POINTLESS = sorted({path.stem for path in HOSTILE.glob("*.py")} - ALONE | SHARED)
RIGHT = ["right answer, first of all", "right answer, in the middle", "right answer, last of all"]


def attack(folder: Path, name: str, base: Path = STUB, **places: object) -> Submission:
    """Return the submission of an attack, with what it names in capitals filled in."""
    folder_of_attack = HOSTILE if (HOSTILE / f"{name}.py").exists() else FORGING
    source = (folder_of_attack / f"{name}.py").read_text(encoding="utf-8")
    for place, value in places.items():
        source = source.replace(f"@{place}@", str(value))
    if "def create_app" not in source:
        source += base.read_text(encoding="utf-8")
    (folder / name).mkdir()
    (folder / name / "main.py").write_text(source, encoding="utf-8")
    return read_submission(EXERCISE, folder / name)


def right_answer() -> Submission:
    return read_files(EXERCISE, {"main.py": REFERENCE})


@pytest.fixture(scope="module")
def cards(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scorecard]:
    folder = tmp_path_factory.mktemp("attacks")
    attacks = [Task(name, attack(folder, name)) for name in POINTLESS]
    half = len(attacks) // 2
    neighbours = [Task(name, right_answer()) for name in RIGHT]
    tasks = [neighbours[0], *attacks[:half], neighbours[1], *attacks[half:], neighbours[2]]
    return dict(zip((task.key for task in tasks), grade(tasks, seed=SEED), strict=True))


@pytest.mark.parametrize("name", POINTLESS)
def test_an_attack_gains_no_point_and_is_no_fault_of_ours(name: str, cards: dict[str, Scorecard]) -> None:
    card = cards[name]
    assert [check.id for check in card.checks if check.outcome is not Outcome.FAILED] == []
    assert card.status in {Status.GRADED, Status.UNREADABLE}
    assert (card.score, card.max_score) == (0, 100)


def test_whoever_is_graded_in_the_same_run_is_graded_as_if_alone(cards: dict[str, Scorecard]) -> None:
    (alone,) = grade([Task("alone", right_answer())], seed=SEED)
    assert alone.score == 100
    neighbours = [cards[name].model_copy(update={"duration_s": alone.duration_s}) for name in RIGHT]
    assert neighbours == [alone] * len(RIGHT)


@pytest.mark.parametrize("name", AT_IMPORT)
def test_leaving_the_import_early_makes_a_submission_unreadable(name: str, cards: dict[str, Scorecard]) -> None:
    assert cards[name].status is Status.UNREADABLE
    assert AT_IMPORT[name] in cards[name].message


@pytest.mark.parametrize("name", WHILE_ANSWERING)
def test_leaving_a_request_early_fails_the_check_and_says_so(name: str, cards: dict[str, Scorecard]) -> None:
    assert cards[name].status is Status.GRADED
    assert [check.id for check in cards[name].checks if WHILE_ANSWERING[name] not in check.message] == []


def test_what_claims_to_equal_everything_is_taken_for_what_it_holds(cards: dict[str, Scorecard]) -> None:
    assert "seen:     'id'" in cards["hides_equals_in_plain_messages"].checks[0].message


def test_output_past_the_limit_is_thrown_away(cards: dict[str, Scorecard]) -> None:
    for name in ("prints_a_lot", "prints_without_end"):
        printed = max((check.printed for check in cards[name].checks), key=len)
        assert "all checks passed" in printed
        assert len(printed) <= 66_000


def test_talking_without_end_is_told_as_such(cards: dict[str, Scorecard]) -> None:
    (talker,) = [check for check in cards["prints_without_end"].checks if check.id.startswith("every_answer")]
    assert "in app: print(" in talker.message


@pytest.mark.parametrize("name", ["prints_a_lot", "raises_commands"])
def test_text_of_a_submission_is_harmless_in_every_report(name: str, cards: dict[str, Scorecard]) -> None:
    report = Report(proctor="0", seed=0, isolation=(), scorecards=(cards[name],)).to_json()
    document = json.loads(report.encode())
    told = [check["message"] for check in document["scorecards"][0]["checks"]]
    told += [check.printed for check in cards[name].checks]
    lines = [line for text in told for line in text.splitlines()]
    assert any("set-output" in line for line in lines)
    assert [line for line in lines if line.lstrip().startswith("::") or "##[" in line] == []
    assert [text for text in told if any(sign in text for sign in "\x1b\x07\u202e")] == []


# What needs a run of its own, and a stage that nothing holds: what the process boundary does by itself


def test_nothing_beside_the_submission_is_run_or_read(tmp_path: Path) -> None:
    folder, marker = tmp_path / "submitted", tmp_path / "marker"
    folder.mkdir()
    leave_marker = f"import pathlib; pathlib.Path({str(marker)!r}).touch()"
    beside = {
        "main.py": STUB.read_text(encoding="utf-8") + "\nbuilt_from_files = True\n",
        "conftest.py": leave_marker + "\ndef pytest_runtest_makereport(item, call): call.excinfo = None\n",
        "sitecustomize.py": leave_marker,
        "usercustomize.py": leave_marker,
        "fastapi.py": leave_marker,
        "attack.pth": leave_marker,
        "pytest.ini": "[pytest]\naddopts = -p conftest --collect-only\n",
        "pyproject.toml": '[tool.pytest.ini_options]\naddopts = ["-p", "conftest", "--collect-only"]\n',
        "tox.ini": "[pytest]\naddopts = --collect-only\n",
        "test_middleware_onion.py": "def test_all(): ...\n",
        "exercise.toml": 'interface = []\nfiles = ["main.py", "conftest.py"]\n',
        "mistakes.toml": "",
        "report.json": '{"scorecards": [{"exercise": "middleware-onion", "score": 100}]}',
        "results.json": '{"score": 100}',
        "results.xml": '<testsuite tests="1" failures="0"><testcase name="all"/></testsuite>',
    }
    for name, content in beside.items():
        (folder / name).write_text(content, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)  # as when the command is run there
        (card,) = grade([Task("submission", read_submission(EXERCISE, folder))])
    assert (card.status, card.score) == (Status.GRADED, 0)
    assert not marker.exists()
    assert {path.name for path in folder.iterdir()} - {"__pycache__"} == set(beside)


CREDENTIAL = "something that the grader was started with"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return what an attack has copied out of its stage, in a run with a secret in the grader's environment."""
    if not Path("/proc/self/mem").exists():
        pytest.skip("memory is read through /proc")
    base = tmp_path_factory.mktemp("curious")
    submission = attack(base, "looks_around", FOLDER=base / "found")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GITHUB_TOKEN", CREDENTIAL)
        (card,) = grade([Task("submission", submission)], seed=SEED, protection=BARE)
    assert (card.status, card.score) == (Status.GRADED, 0)
    return base / "found"


@pytest.fixture(scope="module")
def surroundings(found: Path) -> dict[str, Any]:
    return json.loads((found / "surroundings.json").read_text(encoding="utf-8"))


def hidden_words() -> Iterator[str]:
    """Yield what only the grader knows: its secrets, its draws, its checks, its source, and the answers."""
    sources = [*EXERCISE.grader.glob("test_*.py"), *EXERCISE.grader.glob("mistakes/*.py"), REFERENCE]
    lines = list(chain.from_iterable(path.read_text(encoding="utf-8").splitlines() for path in sources))
    checks = [line.partition("(")[0].rpartition("test_")[2] for line in lines if line.startswith("async def test_")]
    assert len(checks) == 6
    yield from (CREDENTIAL, str(SEED))
    for check in checks:
        yield from (check, f"test_{check}")
        yield from (Draw(SEED, EXERCISE.slug, check).word(), Draw(SEED, EXERCISE.slug, check).identifier())
    for mistake in EXERCISE.mistakes.values():
        yield mistake.says
    stub = STUB.read_text(encoding="utf-8")
    for line in {line.strip() for line in lines if len(line) > 50}:
        if line not in stub and not line.startswith(
            ("def ", "async def ", "from ")
        ):  # Starlette's own source has those
            yield line


def test_the_memory_of_a_stage_holds_nothing_of_the_grader(found: Path, surroundings: dict[str, Any]) -> None:
    memory = b"".join(path.read_bytes() for path in found.glob("*.memory"))
    assert surroundings["marker"].encode() in memory, "the copy has what was made at run time"
    assert [word for word in hidden_words() if word.encode() in memory] == []


def test_no_module_of_the_grader_is_loaded_in_a_stage(surroundings: dict[str, Any]) -> None:
    assert "proctor.stage.performer" in surroundings["modules"]
    ours = [name for name in surroundings["modules"] if name.startswith("proctor.")]
    assert [name for name in ours if not name.startswith(("proctor.stage", "proctor.isolation"))] == []
    assert {"pytest", "_pytest", "httpx"}.isdisjoint(surroundings["modules"])


def test_no_frame_and_no_object_of_the_grader_is_in_a_stage(surroundings: dict[str, Any]) -> None:
    assert any(name.endswith("performer.py") for name in surroundings["frames"])
    assert [name for name in surroundings["frames"] if "checks" in name or "graders" in name] == []
    assert [name for name in surroundings["types"] if name.startswith(("proctor.checks", "_pytest"))] == []


def test_the_environment_of_a_stage_is_built_from_nothing(surroundings: dict[str, Any]) -> None:
    at_first = [entry.partition("=")[0] for entry in surroundings["first variables"].rstrip("\0").split("\0")]
    assert {*at_first, *surroundings["variables"]} <= {
        "HOME",
        "LC_ALL",
        "LC_CTYPE",
        "MALLOC_ARENA_MAX",
        "PATH",
        "TMPDIR",
        "TZ",
    }


def test_the_command_line_of_a_stage_names_no_exercise_and_no_seed(surroundings: dict[str, Any]) -> None:
    assert "proctor.stage" in surroundings["arguments"]
    assert [each for each in surroundings["arguments"] if EXERCISE.slug in each or str(SEED) in each] == []


def test_the_folder_of_a_stage_holds_the_declared_files_alone(surroundings: dict[str, Any]) -> None:
    assert surroundings["folder"] == ["main.py"]


def test_no_descriptor_of_a_stage_leads_to_the_grader_except_its_channel(surroundings: dict[str, Any]) -> None:
    files = {each for each in surroundings["descriptors"] if each.startswith("/")}
    sockets = [each for each in surroundings["descriptors"] if each.startswith("socket:")]
    assert files == {"/dev/null"}
    assert len(sockets) == 3  # the channel, and the pair with which the event loop wakes itself


@pytest.fixture
def leftover(tmp_path: Path) -> Iterator[Path]:
    """A named pipe that a process of the submission waits at. It is let go in the end, if it is still there."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    yield fifo
    try:
        os.close(os.open(fifo, os.O_WRONLY | os.O_NONBLOCK))
    except OSError:
        return  # grading has ended it


def test_a_process_that_is_left_behind_does_not_keep_grading_from_ending(tmp_path: Path, leftover: Path) -> None:
    (card,) = grade(
        [Task("submission", attack(tmp_path, "leaves_a_process_behind", REFERENCE, FIFO=leftover))], protection=BARE
    )
    assert (card.status, card.score) == (Status.GRADED, 100)


def test_a_process_that_keeps_the_channel_open_does_not_hide_that_the_stage_has_ended(
    tmp_path: Path, leftover: Path
) -> None:
    (card,) = grade(
        [Task("submission", attack(tmp_path, "leaves_a_process_behind_and_exits", FIFO=leftover))], protection=BARE
    )
    assert (card.status, card.score) == (Status.GRADED, 0)
    assert "it left with exit status 0" in by_id(card, "every_answer_keeps_its_own_request_id").message


def test_whoever_kills_the_server_of_the_stages_is_graded_alone(tmp_path: Path) -> None:
    killer = attack(tmp_path, "kills_its_parent")
    neighbour, killed = grade([Task("neighbour", right_answer()), Task("killer", killer)], protection=BARE)
    assert (neighbour.status, neighbour.score) == (Status.GRADED, 100)
    assert (killed.status, killed.score) == (Status.ERROR, None)


def test_whoever_takes_the_stage_apart_can_report_what_its_application_did_not_do(tmp_path: Path) -> None:
    """A limit, and no feature: docs/threats.md says why it is not worth a learner's while."""
    (card,) = grade([Task("submission", attack(tmp_path, "reports_work_that_it_did_not_do"))])
    assert by_id(card, "refused_requests_carry_the_request_id").outcome is Outcome.PASSED
    assert card.score == 20


def by_id(card: Scorecard, name: str) -> CheckResult:
    (result,) = [check for check in card.checks if check.id == name]
    return result
