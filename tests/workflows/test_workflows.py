"""Every workflow of ours keeps the rules, and the rules see what breaks them."""

from pathlib import Path

import pytest
from tests.workflows.rules import ROOT, WORKFLOWS, complaints

GRADE_CLASS = (ROOT / ".github/workflows/grade-class.yml").read_text(encoding="utf-8")
CHECKOUT = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1"


def test_every_workflow_is_looked_at() -> None:
    assert sorted(ROOT.glob(".github/workflows/*")) == sorted(one for one in WORKFLOWS if "templates" not in one.parts)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_keeps_the_rules(workflow: Path) -> None:
    assert complaints(workflow.read_text(encoding="utf-8")) == []


def broken(old: str, new: str) -> list[str]:
    """Return what is said about the workflow that grades a class with something replaced."""
    assert old in GRADE_CLASS
    return complaints(GRADE_CLASS.replace(old, new, 1))


def test_events_of_strangers_are_seen() -> None:
    assert broken("  workflow_dispatch:", "  pull_request_target:") == ["starts by `pull_request_target`"]
    assert broken("  workflow_dispatch:", "  workflow_run:") == ["starts by `workflow_run`"]


def test_a_tag_a_lacking_version_and_two_commits_are_seen() -> None:
    first, _, version = CHECKOUT.partition(" ")
    assert "`actions/checkout@v7` is not pinned by the 40 digits of a commit" in broken(first, "actions/checkout@v7")
    assert broken(f" {version}", "") == [f"`{first}` has no comment with its version"]
    other = f"actions/upload-artifact@{'0' * 40} # v7.0.0"
    assert broken(CHECKOUT, other)[0] == "`actions/upload-artifact` is pinned to several commits"


@pytest.mark.parametrize(
    "line",
    [
        "uvx --constraints requirements.lock nox -s actions -- fetch ${{ vars.PROCTOR_REPOSITORIES }}",
        "uvx --constraints requirements.lock nox -s actions -- fetch; env",
        "uvx nox -s actions -- fetch",
        "python -m pip install nox",
        '"uvx --constraints requirements.lock nox -s actions\\nenv"',
    ],
)
def test_a_line_that_is_more_than_one_of_nox_is_seen(line: str) -> None:
    (said,) = broken("uvx --constraints requirements.lock nox -s actions -- fetch", line)
    assert said.startswith("job `fetch` runs more than one line of nox")


def test_rights_that_are_not_said_or_too_many_are_seen() -> None:
    assert broken("permissions: {}\n\nconcurrency", "concurrency") == ["`permissions` of the workflow are not `{}`"]
    assert broken("    permissions: {}\n    steps", "    steps") == ["job `publish` does not say its `permissions`"]
    assert broken("contents: read # this", "contents: write # this") == [
        "job `plan` may do more than read this repository"
    ]
    assert broken("persist-credentials: false", "persist-credentials: true") == [
        "job `plan` leaves its token where it checks out"
    ]
    assert broken("    timeout-minutes: 120\n", "") == ["job `grade` has no `timeout-minutes`"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "    permissions: {}\n    strategy",
            "    permissions:\n      contents: read\n    strategy",
            "has permissions",
        ),
        ("${{ vars.PROCTOR_ISOLATION }}", "${{ secrets.PROCTOR_SEED }}", "knows a secret"),
        ("${{ vars.PROCTOR_ISOLATION }}", "${{ github.token }}", "knows a secret"),
        ("${{ vars.PROCTOR_ISOLATION }}", "${{ toJSON(github) }}", "knows a secret"),
        (
            "permissions: {}\n\nconcurrency",
            "permissions: {}\nenv:\n  KEY: ${{ secrets.KEY }}\nconcurrency",
            "knows a secret",
        ),
    ],
)
def test_a_job_that_runs_code_of_students_beside_what_is_worth_stealing_is_seen(old: str, new: str, said: str) -> None:
    assert f"job `grade` runs the code of students and {said}" in broken(old, new)


def test_a_cache_that_meets_a_secret_is_seen() -> None:
    assert broken("          enable-cache: false\n", "") == ["job `fetch` knows a secret and restores a cache"]
    assert broken("restore-cache: false", "restore-cache: true") == ["job `plan` knows a secret and restores a cache"]


def test_what_is_taken_by_name_behind_the_code_of_students_is_seen() -> None:
    start = GRADE_CLASS.index("  merge:\n")
    merge = GRADE_CLASS[start:].replace("artifact-ids: ${{ needs.plan.outputs.course-id }}", "name: course", 1)
    said = "job `merge` takes an artifact by its name after job `grade` has run code of students"
    assert complaints(GRADE_CLASS[:start] + merge) == [said]


def test_a_checkout_or_a_saved_cache_beside_the_code_of_students_is_seen() -> None:
    start = GRADE_CLASS.index("  grade:\n")
    graded = GRADE_CLASS[start:].replace("          save-cache: false\n", "", 1)
    assert complaints(GRADE_CLASS[:start] + graded) == ["job `grade` runs the code of students and saves a cache"]
    step = f"    steps:\n      - uses: {CHECKOUT}\n        with:\n          persist-credentials: false\n"
    with_checkout = GRADE_CLASS[start:].replace("    steps:\n", step, 1)
    assert complaints(GRADE_CLASS[:start] + with_checkout) == [
        "job `grade` runs the code of students and uses `actions/checkout`"
    ]
