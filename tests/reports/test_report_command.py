"""`proctor report`, as a process: what it reads, where it writes, and how it ends."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.reports.examples import FAULTY, HOSTILE, RUNNING, hostile_report
from tests.reports.test_classroom50_report import ENVIRONMENT
from typer.testing import CliRunner, Result

from proctor.cli import reporting
from proctor.cli.app import app
from proctor.errors import OurFault, UsageError
from proctor.reports.class_formats import WRITERS
from proctor.reports.format_name import CLASS_FORMATS, FormatName
from proctor.reports.formats import FORMATS
from proctor.scorecard import Report

assert reporting  # it enters the command


SHORT = hostile_report([text for text in HOSTILE if len(text) < 1000])


def written(folder: Path, report: Report) -> Path:
    path = folder / "report.json"
    path.write_text(json.dumps(report.model_dump(by_alias=True)), encoding="ascii")
    return path


def run(*words: str | Path, environment: dict[str, str] | None = None) -> Result:
    nothing = {"GITHUB_STEP_SUMMARY": "", **dict.fromkeys(ENVIRONMENT, "")}
    result = CliRunner().invoke(app, ["report", *map(str, words)], env={**nothing, **(environment or {})})
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_every_format_has_a_writer_and_a_file_name() -> None:
    assert {*FORMATS} == {*FormatName} - CLASS_FORMATS
    assert {*WRITERS} == CLASS_FORMATS
    assert all(form.file_name for form in FORMATS.values())


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("report", [RUNNING, SHORT], ids=["running", "hostile"])
def test_every_format_is_written_as_utf_8(tmp_path: Path, name: FormatName, report: Report) -> None:
    source, target = written(tmp_path, report), tmp_path / "out"
    assert run(name, source, "--out", target, "--reader", "teacher", environment=ENVIRONMENT).exit_code == 0
    text = target.read_bytes().decode("utf-8")
    assert text.endswith("\n")
    assert "\r" not in text
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "report.json"]


def test_without_a_file_it_is_printed(tmp_path: Path) -> None:
    result = run("shields", written(tmp_path, RUNNING))
    assert json.loads(result.stdout)["message"] == "3/5"


def test_a_folder_gets_the_name_that_the_reader_expects(tmp_path: Path) -> None:
    source = written(tmp_path, RUNNING)
    (tmp_path / "results").mkdir()
    run("gradescope", source, "--out", tmp_path / "results")
    assert json.loads((tmp_path / "results" / "results.json").read_text())["tests"]


def test_a_summary_is_added_to_that_of_the_step_and_leaves_what_is_there(tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    summary.write_bytes(b"before\n")
    result = run("step-summary", written(tmp_path, RUNNING), environment={"GITHUB_STEP_SUMMARY": str(summary)})
    assert result.stdout == ""
    assert summary.read_text().startswith("before\n### ex01")


def test_a_summary_that_has_no_room_left_is_not_made_longer(tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    summary.write_bytes(b"x" * 950_000)
    run("step-summary", written(tmp_path, RUNNING), environment={"GITHUB_STEP_SUMMARY": str(summary)})
    assert summary.stat().st_size == 950_000


def test_a_classroom50_result_of_our_own_fault_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(OurFault):
        run("classroom50", written(tmp_path, FAULTY), "--out", tmp_path / "result.json", environment=ENVIRONMENT)
    assert not (tmp_path / "result.json").exists()


GOOD: dict[str, Any] = RUNNING.model_dump(by_alias=True, mode="json")


def with_check(**fields: Any) -> dict[str, Any]:
    card = GOOD["scorecards"][0]
    return {**GOOD, "scorecards": [{**card, "checks": [{**card["checks"][0], **fields}]}]}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "no JSON"),
        ("<testsuites/>", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("[]", "no report"),
        ("{}", "written from `proctor/report/v1`"),
        ('{"schema": "proctor/report/v2"}', "is `proctor/report/v2`"),
        ('{"schema": "proctor/class/v1"}', "is `proctor/class/v1`"),
        ('{"schema": "\\u001b[2J"}', "is `\\\\x1b"),
        ('{"schema": "proctor/report/v1"}', "scorecards: Field required"),
        (json.dumps(with_check(score=9999)), "has 9999 of 3 points"),
        (json.dumps(with_check(score=-1)), "greater than or equal to 0"),
        (json.dumps(with_check(score=0.5)), "valid integer"),
        (json.dumps(with_check(visibility="sometimes")), "visibility"),
        (json.dumps(GOOD).replace("1.25", "1e999"), "it took inf s"),
        (json.dumps(GOOD).replace("1.25", "NaN"), "duration_s"),
        ("\ufeff" + json.dumps(GOOD), "BOM"),
    ],
    ids=range(16),
)
def test_what_is_no_report_is_refused_with_a_reason(tmp_path: Path, content: str, told: str) -> None:
    source = tmp_path / "report.json"
    source.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=told) as raised:
        run("junit", source)
    assert "\x1b" not in str(raised.value)


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    for source in (tmp_path / "missing.json", tmp_path / "binary", tmp_path):
        with pytest.raises(UsageError, match="cannot be read"):
            run("junit", source)


def test_a_place_that_is_not_there_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no folder"):
        run("junit", written(tmp_path, RUNNING), "--out", tmp_path / "nowhere" / "report.xml")


def test_the_exit_codes_of_the_process_are_those_of_the_house(tmp_path: Path) -> None:
    program = "from proctor.cli import main, reporting; main()"

    def code(*words: str, **environment: str) -> int:
        command = [sys.executable, "-c", program, "report", *words]
        return subprocess.run(command, check=False, capture_output=True, env={**os.environ, **environment}).returncode

    source = str(written(tmp_path, FAULTY))
    assert code("junit", str(tmp_path / "missing")) == 2
    assert code("classroom50", source, **ENVIRONMENT) == 3
    assert run("junit", source).exit_code == 0
    assert run("canvas-of-old", source).exit_code == 2
