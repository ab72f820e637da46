"""The programs that read our formats, run on our files: what they count, how they end, and what they print.

Their logs are read as GitHub's runner reads them (`tests.reports.actions_runner`): whatever fires there and is not the
program's own was forged by a text of ours. The same goes for elements in the HTML and Markdown that they write.
"""

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.consumers.programs import PATIENCE, NotRunError, Run, html_tags, run_action, stored
from tests.reports.actions_runner import Command, commands_in, environment_of
from tests.reports.examples import HOSTILE, RUNNING, hostile_report

from proctor.reports.classroom_reporter import to_classroom_reporter
from proctor.reports.junit import to_junit
from proctor.reports.reader import Reader
from proctor.scorecard import Report

__all__ = ["EXAMPLES", "Example", "run_dorny", "run_enrico", "run_mikepenz", "run_reporter"]


@dataclass(frozen=True)
class Example:
    """A report, and what every consumer has to make of it."""

    name: str
    report: Report
    passed: int
    failed: int
    points: tuple[int, int]


EXAMPLES: Final = (
    Example("the running example", RUNNING, 1, 2, (5, 10)),
    Example("hostile texts", hostile_report(), len(HOSTILE), len(HOSTILE), (len(HOSTILE), 5 * len(HOSTILE))),
)


def run_reporter(folder: Path, place: Path, example: Example, revision: str) -> list[str]:
    """Run the reporter of the former GitHub Classroom; return what is wrong."""
    bundle = stored(folder, "classroom-resources", "autograding-grading-reporter", "dist/main.js", place, revision)
    variables = environment_of(to_classroom_reporter(example.report, Reader.TEACHER))
    run = run_action(bundle, place, {"runners": variables["PROCTOR_RUNNERS"]}, variables)
    score, maximum = example.points
    notices = [command.data for command in run.commands if command.name == "notice"]
    total = next((line for line in run.log.splitlines() if "Total: " in line), "")
    return _differences(
        {
            "exit code": (1, run.exit_code),
            "notices": (
                [f"Points {score}/{maximum}", f'{{"totalPoints":{score},"maxPoints":{maximum}}}'],
                notices,
            ),
            "total of the table": ([str(score), str(maximum)], [word for word in total.split() if word.isdigit()]),
            "other commands": ([("error", "Some tests failed.")], _others(run, {"notice"})),
        }
    )


def run_dorny(folder: Path, place: Path, example: Example, revision: str) -> list[str]:
    """Run dorny/test-reporter; return what is wrong."""
    bundle = stored(folder, "dorny", "test-reporter", "dist", place, revision) / "index.js"
    subprocess.run(["git", "init", "--quiet", place], check=True)
    (place / "report.xml").write_text(to_junit(example.report), encoding="utf-8")
    inputs = {
        "name": "grades", "path": "report.xml", "reporter": "python-xunit", "list-suites": "all", "list-tests": "all",
        "list-files": "all", "max-annotations": "10", "fail-on-error": "true", "fail-on-empty": "true",
        "use-actions-summary": "true", "badge-title": "tests", "collapsed": "auto", "token": "none",
    }  # fmt: skip
    run = run_action(bundle, place, inputs)
    counts = [run.outputs.get(name) for name in ("passed", "failed", "skipped")]
    ending = "Failed test were found and 'fail-on-error' option is set to true"
    return _differences(
        {
            "exit code": (1, run.exit_code),
            "passed, failed, skipped": ([str(example.passed), str(example.failed), "0"], counts),
            "commands": ([("error", ending)], _others(run, {"group", "endgroup"})),
            "elements in its summary": (set[str](), html_tags(run.summary) - {"a"}),
        }
    )


def run_mikepenz(folder: Path, place: Path, example: Example, revision: str) -> list[str]:
    """Run mikepenz/action-junit-report; return what is wrong."""
    bundle = stored(folder, "mikepenz", "action-junit-report", "dist", place, revision) / "index.js"
    (place / "report.xml").write_text(to_junit(example.report), encoding="utf-8")
    inputs = {
        "token": "none", "report_paths": "report.xml", "annotate_only": "true", "check_name": "grades",
        "group_reports": "true", "detailed_summary": "true", "include_passed": "true", "job_summary": "true",
        "fail_on_failure": "true", "require_tests": "true", "follow_symlink": "false", "truncate_stack_traces": "true",
        "resolve_ignore_classname": "false", "bread_crumb_delimiter": "/", "transformers": "[]",
        "include_empty_in_summary": "true", "verbose_summary": "true", "include_skipped": "true",
    }  # fmt: skip
    run = run_action(bundle, place, inputs)
    counts = [run.outputs.get(name) for name in ("passed", "failed", "skipped")]
    errors = [command for command in run.commands if command.name == "error"]
    annotations = [command for command in errors if command.properties.get("file", "").startswith("exercises/")]
    mask = Command("add-mask", {}, "none")
    others = [command for command in run.commands if command.name not in {"group", "endgroup", "debug", "error"}]
    return _differences(
        {
            "exit code": (1, run.exit_code),
            "passed, failed, skipped": ([str(example.passed), str(example.failed), "0"], counts),
            "errors beside the code": (example.failed, len(annotations)),
            "other errors": (1, len(errors) - len(annotations)),
            "other commands": ([mask], others),
            "elements in its summary": (
                set[str](),
                html_tags(run.summary) - {"table", "tr", "th", "td", "hr", "strong"},
            ),
        }
    )


_ENRICO: Final = """
import json, sys
from publish.junit import parse_junit_xml_files, process_junit_xml_elems
results = process_junit_xml_elems(parse_junit_xml_files([sys.argv[1]], False, False))
counts = [results.suite_tests, results.suite_failures, results.suite_errors, results.suite_skipped]
cases = [[case.result, case.test_file, case.line, case.message or ""] for case in results.cases]
print(json.dumps({"problems": len(results.errors), "counts": counts, "cases": cases}))
"""


def run_enrico(folder: Path, place: Path, example: Example, revision: str, python: str) -> list[str]:
    """Run the reader of EnricoMi/publish-unit-test-result-action; return what is wrong."""
    source = stored(folder, "EnricoMi", "publish-unit-test-result-action", "python", place, revision)
    target = place / "report.xml"
    target.write_text(to_junit(example.report), encoding="utf-8")
    finished = subprocess.run(
        [python, "-c", _ENRICO, target],
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env={"PYTHONPATH": str(source), "PATH": os.environ["PATH"]},
    )
    if "ModuleNotFoundError" in finished.stderr:
        missing = finished.stderr.strip().splitlines()[-1]
        raise NotRunError(f"`{python}` cannot run it ({missing}): `--python` names one that has junitparser and lxml")
    if finished.returncode:
        return [f"it ended with {finished.returncode}: {finished.stderr.strip()[-300:]}"]
    seen: dict[str, Any] = json.loads(finished.stdout)
    outcomes = [case[0] for case in seen["cases"]]
    strange = [case for case in seen["cases"] if not str(case[1]).startswith("exercises/") or not case[2]]
    return _differences(
        {
            "files that it could not read": (0, seen["problems"]),
            "counts": ([example.passed + example.failed, example.failed, 0, 0], seen["counts"]),
            "passed, failed": (
                (example.passed, example.failed),
                (outcomes.count("success"), outcomes.count("failure")),
            ),
            "cases without a place": (list[Any](), strange),
            "commands in its messages": (list[Command](), commands_in("\n".join(case[3] for case in seen["cases"]))),
            "elements in its messages": (set[str](), html_tags("\n".join(case[3] for case in seen["cases"]))),
        }
    )


def _others(run: Run, known: set[str]) -> list[tuple[str, str]]:
    return [(command.name, command.data) for command in run.commands if command.name not in known]


def _differences(facts: Mapping[str, tuple[object, object]]) -> list[str]:
    """Say what was expected and is otherwise."""
    return [f"{what}: expected {wanted!r}, seen {seen!r}" for what, (wanted, seen) in facts.items() if wanted != seen]
