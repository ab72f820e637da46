"""The pipelines for GitLab: a class that they have graded in shards has the gradebook of one run."""

from pathlib import Path
from typing import Final

import pytest
from tests.actions.world import bare_repository
from tests.adapters.gitlab_runner import Pipeline
from tests.toy import DOUBLES, GOOD, SLUG, STUB, check, toy_course
from typer.testing import CliRunner

from proctor.cli import classroom
from proctor.cli.app import app

GITLAB: Final = Path(__file__).parents[2] / "docs" / "teacher" / "gitlab"
GRADING: Final = (GITLAB / "grading.gitlab-ci.yml").read_text(encoding="utf-8")
SELF_CHECK: Final = (GITLAB / "student.gitlab-ci.yml").read_text(encoding="utf-8")
CHECKS: Final = check("doubles", 60, DOUBLES) + check("is_none_of_ours", 40, 'await stage.call("double", 1)')
BARE: Final = {"PROCTOR_ISOLATION": "process"}  # not every machine has every layer
SEED: Final = "20261123"
WORK: Final = {"ann": GOOD, "ben": STUB, "cid": "def double(number:\n", "dan": "def double(number):\n    return 4\n"}
OF_THE_PROJECT: Final = ("noxfile.py", "pyproject.toml", "requirements.lock", "README.md", "LICENSE", "src/engine.py")


def proctor(*words: str) -> str:
    """Run a command that ends with 0, or with 1 for points that were lost; return what it printed."""
    assert classroom.__name__  # it has entered its commands
    ended = CliRunner().invoke(app, words, catch_exceptions=False)
    assert ended.exit_code in {0, 1}, ended.output
    return ended.output


def teachers_project(folder: Path) -> Path:
    """Write the project of a course, with the roster of its class; return its folder."""
    root = toy_course(folder / "project", CHECKS).root
    for name in OF_THE_PROJECT:
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).touch()
    rows = [f"{name},{name.title()},{name}-x" for name in WORK]
    roster = "\n".join(["student,name,gitlab", *rows, "eve,Eve,gone", "fay,Fay,", ""])
    (root / "roster.csv").write_text(roster, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    """Return the pipeline of a class of six, after it was run in three shards."""
    place = tmp_path_factory.mktemp("gitlab")
    for name, source in WORK.items():
        bare_repository(place / f"server/my-course/work-{name}-x.git", {f"exercises/{SLUG}/main.py": source})
    settings = place / "settings"
    settings.write_text(f'[url "file://{place}/server/"]\n\tinsteadOf = https://gitlab.example/\n', encoding="utf-8")
    text = GRADING.replace('PROCTOR_SHARDS: "4"', 'PROCTOR_SHARDS: "3"').replace("parallel: 4", "parallel: 3")
    assert text.count('"3"') + text.count("parallel: 3") == 2
    variables = {**BARE, "PROCTOR_REPOSITORIES": "my-course/work-{gitlab}"}
    secrets = {"PROCTOR_GIT_SETTINGS": str(settings), "PROCTOR_SEED": SEED}
    pipeline = Pipeline(text, teachers_project(place), place / "run", variables, {"proctor-fetch": secrets})
    pipeline.run()
    return pipeline


def test_a_class_that_was_graded_in_shards_has_the_gradebook_of_one_run(
    graded: Pipeline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert {name: job.is_green for name, job in graded.jobs.items()} == dict.fromkeys(
        ["fetch", "grade 1/3", "grade 2/3", "grade 3/3", "merge"], True
    ), "\n".join(job.log for job in graded.jobs.values())
    monkeypatch.chdir(graded.project)
    handed_in = graded.jobs["fetch"].artifacts / "job" / "submissions.jsonl"
    books = [tmp_path / "whole.sqlite3", graded.jobs["merge"].artifacts / "gradebook.sqlite3"]
    options = ["--roster", "roster.csv", "--seed", SEED, "--gradebook", str(books[0]), "--isolation", "process"]
    proctor("classroom", str(handed_in), *options)
    whole, merged = (proctor("gradebook", "dump", "--no-times", "--gradebook", str(book)) for book in books)
    assert whole == merged
    assert all(name in whole for name in WORK)


def test_a_lost_shard_makes_merge_red_and_leaves_its_students_undecided(graded: Pipeline) -> None:
    assert graded.document["merge"]["when"] == "always"  # or it would not begin
    job = graded.run_job("merge", lost="grade 2/3")
    assert not job.is_green
    assert "`ben` is undecided" in job.log
    assert (job.artifacts / "gradebook.sqlite3").is_file()


def test_the_jobs_that_run_code_of_students_have_no_secret_no_answers_and_no_roster(graded: Pipeline) -> None:
    fetched = graded.jobs["fetch"]
    assert {"PROCTOR_GIT_SETTINGS", "PROCTOR_SEED"} <= fetched.environment.keys()
    assert {"solutions", "roster.csv"} <= fetched.files
    for number in (1, 2, 3):
        job = graded.jobs[f"grade {number}/3"]
        assert not {"PROCTOR_GIT_SETTINGS", "PROCTOR_SEED"} & job.environment.keys()
        assert not {"solutions", "roster.csv"} & job.files
        workspace = Path(job.environment["CI_PROJECT_DIR"])
        assert not any(b"Ann" in path.read_bytes() for path in workspace.rglob("*") if path.is_file())


def test_nothing_that_a_job_prints_has_the_seed_in_it(graded: Pipeline) -> None:
    assert SEED not in "".join(job.log for job in graded.jobs.values())


def test_what_a_job_leaves_is_kept_when_it_ends_red(tmp_path: Path) -> None:
    document = Pipeline(GRADING, tmp_path, tmp_path / "run", {}).document
    assert {document[name]["artifacts"]["when"] for name in ("grade", "merge")} == {"always"}


def test_there_are_as_many_jobs_as_shards(tmp_path: Path) -> None:
    document = Pipeline(GRADING, tmp_path, tmp_path / "run", {}).document
    assert document["variables"]["PROCTOR_SHARDS"] == str(document["grade"]["parallel"])


@pytest.mark.parametrize(
    ("source", "visibility", "starts"),
    [
        ("schedule", "private", True),
        ("web", "private", True),
        ("push", "private", False),
        ("merge_request_event", "private", False),
        ("schedule", "internal", False),
        ("web", "public", False),
    ],
)
def test_a_class_is_graded_in_private_and_never_by_a_push(
    tmp_path: Path, source: str, visibility: str, starts: bool
) -> None:
    pipeline = Pipeline(GRADING, tmp_path, tmp_path / "run", {})
    assert pipeline.starts(CI_PIPELINE_SOURCE=source, CI_PROJECT_VISIBILITY=visibility) is starts


@pytest.mark.parametrize(("source", "is_green"), [(GOOD, True), (STUB, False)], ids=["right", "stub"])
def test_the_self_check_keeps_its_report_whatever_is_in_it(tmp_path: Path, source: str, is_green: bool) -> None:
    root = toy_course(tmp_path / "project", CHECKS).root
    (root / "requirements.lock").touch()
    (root / "exercises" / SLUG / "main.py").write_text(source, encoding="utf-8")
    pipeline = Pipeline(SELF_CHECK, root, tmp_path / "run", {})
    assert pipeline.starts(CI_PIPELINE_SOURCE="push")
    pipeline.run()
    job = pipeline.jobs["self-check"]
    assert job.is_green is is_green, job.log
    assert "<testsuite" in (job.artifacts / "report.xml").read_text(encoding="utf-8")
