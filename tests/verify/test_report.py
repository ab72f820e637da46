"""What `proctor verify` tells: table, findings, JSON, badge, exit code, and what it need not do again."""

import io
import json
from pathlib import Path

import jsonschema
import pytest
from rich.console import Console
from tests.verify.test_audit import change, write_course

from proctor.catalog import Exercise, load_course
from proctor.errors import UsageError
from proctor.verify import ExerciseReport, Finding, MutantCounts, Options, VerifyReport, Weight, verify, verify_schema
from proctor.verify.board import VerifyBoard
from proctor.verify.unchanged import CleanRuns

PUBLISHED = Path(__file__).parents[2] / "docs" / "verify.schema.json"
KILLED = MutantCounts(killed=1200, equivalent=3, survived=0)


def finding(weight: Weight = Weight.FAULT, exercise: str = "toy", evidence: str = "") -> Finding:
    return Finding(
        exercise=exercise,
        rule="the_stub_is_red",
        where="graders/toy",
        what="a check passes",
        remedy="sharpen it",
        evidence=evidence,
        weight=weight,
    )


def report(
    *findings: Finding,
    mutants: MutantCounts | None = KILLED,
    in_course: int = 1,
    slugs: tuple[str, ...] = ("toy",),
    repetitions: int | None = None,
) -> VerifyReport:
    exercises = tuple(
        ExerciseReport(exercise=slug, checks=2, accepted=3, mistakes=5, mutants=mutants, repetitions=repetitions)
        for slug in slugs
    )
    rules = {"the_stub_is_red": "Every check fails on the untouched stub."}
    return VerifyReport(
        proctor="1", seconds=2.0, in_course=in_course, exercises=exercises, findings=findings, rules=rules
    )


def shown(document: VerifyReport, *, terminal: bool = False) -> str:
    target = io.StringIO()
    VerifyBoard(Console(file=target, width=200, force_terminal=terminal, highlight=False)).show(document)
    return target.getvalue()


# Exit code and badge


@pytest.mark.parametrize(
    ("found", "code"),
    [
        ([], 0),
        ([finding(Weight.NOTE)], 0),
        ([finding(), finding(Weight.NOTE)], 1),
        ([finding(), finding(Weight.OURS)], 3),
    ],
)
def test_the_exit_code_says_whose_fault_it_is(found: list[Finding], code: int) -> None:
    assert report(*found).exit_code == code


@pytest.mark.parametrize(
    ("document", "message", "color"),
    [
        (report(), "1 proven, 1,200 mutants killed", "brightgreen"),
        (report(in_course=5), "1 of 5 proven, 1,200 mutants killed", "brightgreen"),
        (report(mutants=None), "1 audited", "green"),
        (report(finding(Weight.NOTE)), "1 audited", "green"),
        (report(mutants=None, repetitions=20), "1 constant in 20 rounds", "green"),
        (report(finding(), finding()), "2 findings", "red"),
        (report(finding(), finding(Weight.OURS)), "1 not decided", "lightgrey"),
    ],
)
def test_the_badge_claims_no_more_than_was_shown(document: VerifyReport, message: str, color: str) -> None:
    badge = document.to_badge()
    assert (badge["schemaVersion"], badge["label"], badge["message"], badge["color"]) == (1, "graders", message, color)
    assert badge.get("isError", False) is (color == "lightgrey")


def test_the_report_is_what_its_schema_says() -> None:
    schema = verify_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(report(finding(evidence="-a\n+b")).to_json()), schema)
    for model in (schema, *schema["$defs"].values()):
        for name, field in model.get("properties", {}).items():
            assert name == "schema" or "description" in field, name


# The board


def test_in_a_log_the_table_is_plain_text() -> None:
    assert shown(report(mutants=None)) == (
        "exercise  checks  accepted  mistakes   time\n"
        "toy            2         3         5  0.0 s  nothing found\n"
        "\n"
        "nothing found in 1 exercise in 2.0 s\n"
    )


def test_with_mutants_and_repetitions_the_table_has_their_columns() -> None:
    document = report()
    repeated = document.exercises[0].model_copy(update={"repetitions": 20})
    heading, row, *_ = shown(document.model_copy(update={"exercises": (repeated,)})).splitlines()
    assert "mutants killed  equivalent  survived  repetitions" in heading
    assert row.split() == ["toy", "2", "3", "5", "1200", "3", "0", "20", "0.0", "s", "nothing", "found"]


def test_a_finding_says_where_what_and_what_next() -> None:
    text = shown(report(finding(evidence="-    return 2\n+    return 3")))
    assert text.endswith(
        "\ntoy: graders/toy\n"
        "  a check passes\n"
        "      -    return 2\n"
        "      +    return 3\n"
        "  next: sharpen it\n"
        "  rule: the_stub_is_red\n"
        "\n"
        "1 finding in 1 exercise in 2.0 s\n"
    )


def test_what_is_true_of_several_exercises_is_said_once() -> None:
    text = shown(report(finding(Weight.NOTE), finding(Weight.NOTE, "other"), slugs=("toy", "other")))
    assert text.count("note: a check passes") == 1
    assert "toy, other: graders/toy" in text
    assert text.count("not all was checked") == 2


def test_our_own_fault_is_called_so() -> None:
    text = shown(report(finding(Weight.OURS)))
    assert "  our fault: a check passes\n" in text
    assert "1 not decided, which is our fault, and 0 found" in text


def test_on_a_terminal_it_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    text = shown(report(finding(evidence="-a\x1b[2J")), terminal=True)
    assert "\x1b[31m  a check passes" in text
    assert "\x1b[2J" not in text


# What has not changed


@pytest.fixture
def toy(tmp_path: Path) -> Exercise:
    write_course(tmp_path, "toy")
    return load_course(tmp_path).exercise("toy")


@pytest.fixture
def runs(tmp_path: Path, toy: Exercise) -> CleanRuns:
    runs = CleanRuns(tmp_path / "memory")
    runs.look_at(toy)
    return runs


def test_a_clean_run_holds_until_a_file_changes(tmp_path: Path, toy: Exercise, runs: CleanRuns) -> None:
    assert runs.recall(toy, mutants=False) is None
    runs.keep(toy, ExerciseReport(exercise="toy", checks=2))
    remembered = runs.recall(toy, mutants=False)
    assert remembered is not None
    assert (remembered.checks, bool(remembered.unchanged_since)) == (2, True)
    change(tmp_path, "graders/toy/mistakes/triples.py", "triples", "trebles")
    runs.look_at(toy)
    assert runs.recall(toy, mutants=False) is None


def test_what_is_saved_during_a_run_was_not_examined_by_it(tmp_path: Path, toy: Exercise, runs: CleanRuns) -> None:
    change(tmp_path, "graders/toy/mistakes/triples.py", "triples", "trebles")
    assert not runs.is_as_it_was(toy)
    runs.keep(toy, ExerciseReport(exercise="toy"))
    runs.look_at(toy)
    assert runs.recall(toy, mutants=False) is None


def test_a_run_without_mutants_is_not_enough_for_one_with_them(toy: Exercise, runs: CleanRuns) -> None:
    runs.keep(toy, ExerciseReport(exercise="toy"))
    assert runs.recall(toy, mutants=True) is None
    runs.keep(toy, ExerciseReport(exercise="toy", mutants=KILLED))
    assert runs.recall(toy, mutants=True) is not None
    assert runs.recall(toy, mutants=False) is not None


def test_a_memory_that_cannot_be_read_is_none(tmp_path: Path, toy: Exercise, runs: CleanRuns) -> None:
    (tmp_path / "memory").mkdir()
    (tmp_path / "memory" / "toy.json").write_text("{", encoding="utf-8")
    assert runs.recall(toy, mutants=False) is None


# The published schema


def test_the_published_schema_is_current() -> None:
    assert json.loads(PUBLISHED.read_bytes()) == verify_schema()


# The command


def run(root: Path, options: Options, *slugs: str) -> tuple[int, str]:
    target = io.StringIO()
    code = verify(root, slugs, options, Console(file=target, width=200, highlight=False))
    return code, target.getvalue()


def nowhere(_: str) -> None:
    """Find no library."""


def no_objections(*_: object) -> list[Finding]:
    """Stand in for other tools, which the toy exercise does not satisfy."""
    return []


def test_from_the_first_run_to_the_proof(tmp_path: Path, toy: Exercise, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("proctor.verify.examination.examine_code", no_objections)
    path, badge = tmp_path / "report.json", tmp_path / "badge.json"
    code, text = run(tmp_path, Options(mutants=False))
    assert code == 1
    assert "toy: graders/toy/transcript.txt\n  is missing\n" in text
    code, text = run(tmp_path, Options(record=True, json=path, badge=badge))
    assert code == 0
    assert "recorded graders/toy/transcript.txt\nnothing found in 1 exercise" in text
    document = VerifyReport.model_validate_json(path.read_bytes())
    assert document.is_proof
    assert document.exercises[0].mutants is not None
    assert (
        json.loads(badge.read_bytes())["message"] == f"1 proven, {document.exercises[0].mutants.killed} mutants killed"
    )
    code, text = run(tmp_path, Options())
    assert (code, "unchanged since" in text) == (0, True)
    code, text = run(tmp_path, Options(again=True))
    assert (code, "unchanged since" in text) == (0, False)
    change(tmp_path, "graders/toy/test_toy.py", "It doubles", "It makes two of one")
    code, text = run(tmp_path, Options(mutants=False))
    assert code == 1
    assert "+[doubles] It makes two of one: 0 of 60 points" in text
    (toy.grader / "equivalent.toml").write_text("[a]\nreason = 'short'\nvariants = ['reference']\n", encoding="utf-8")
    code, text = run(tmp_path, Options(record=True))
    assert code == 1
    assert "toy: graders/toy/equivalent.toml\n  the list of equivalent mutants is not as it should be\n" in text
    assert "a.reason: String should have at least 20 characters" in text


def test_an_exercise_that_cannot_be_read_is_in_the_table_and_told(tmp_path: Path, toy: Exercise) -> None:
    change(tmp_path, "exercises/toy/exercise.toml", "level = 1", "level = 4")
    assert toy.slug == "toy"
    code, text = run(tmp_path, Options())
    assert code == 1
    assert "toy: exercises/toy/exercise.toml\n  the manifest is not as it should be\n" in text
    assert "level: Input should be less than or equal to 3" in text


def test_usage_is_checked_before_anything_is_graded(tmp_path: Path, toy: Exercise) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        run(tmp_path, Options(json=tmp_path / "absent" / "report.json"))
    with pytest.raises(UsageError, match="there is no exercise `tot`"):
        run(tmp_path, Options(), "tot")
    assert not (toy.root / ".proctor").exists()


def test_without_the_library_mutants_are_refused_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("proctor.verify.killing.find_spec", nowhere)
    with pytest.raises(UsageError, match="libcst is not installed, which makes mutants"):
        run(tmp_path, Options())
