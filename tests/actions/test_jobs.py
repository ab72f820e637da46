"""The jobs by their commands: what is fetched is graded in shards, merged and published."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.actions.world import bare_repository, github_that
from tests.toy import GOOD, SLUG, STUB, WHOLE, toy_course
from typer.testing import CliRunner, Result

from proctor.actions.prepare import Missing, find_missing, prepare_machine
from proctor.catalog import load_course
from proctor.cli import actions
from proctor.cli.app import app
from proctor.errors import UsageError
from proctor.isolation.server_programs import ServerProgram

ROSTER = "student,name,github\nann,Ann,a\nben,Ben,b\ncid,Cid,\ndan,Dan,d\n"
TIME = "2026-11-20T18:00:00Z"
TOKEN = {"PROCTOR_TOKEN": "to-ken"}
BARE = {"PROCTOR_ISOLATION": "process"}  # not every machine has every layer


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for variable in [name for name in os.environ if name.startswith(("GITHUB_", "PROCTOR_"))]:
        monkeypatch.delenv(variable)
    root = toy_course(tmp_path / "course", WHOLE).root
    monkeypatch.chdir(root)
    (root / "roster.csv").write_text(ROSTER, encoding="utf-8")
    monkeypatch.setenv("GITHUB_SERVER_URL", f"file://{tmp_path}")
    monkeypatch.setenv("PROCTOR_REPOSITORIES", "my-course/work-{github}")
    return root


def called(*words: str, **variables: str) -> Result:
    assert actions.actions_app.registered_commands
    return CliRunner().invoke(app, ["actions", *words], env=variables, catch_exceptions=False)


def test_a_class_goes_through_all_jobs(place: Path, tmp_path: Path) -> None:
    commits = {
        "my-course/work-a": bare_repository(tmp_path / "my-course/work-a.git", {f"exercises/{SLUG}/main.py": GOOD}),
        "my-course/work-b": bare_repository(tmp_path / "my-course/work-b.git", {f"exercises/{SLUG}/main.py": STUB}),
    }
    check_runs: dict[str, Any] = {}

    def answer(method: str, path: str, given: Any) -> tuple[int, Any, dict[str, str]]:
        name = "/".join(path.split("/")[2:4])
        if method == "POST":
            check_runs[name] = given
        return 200, [{"after": commits[name], "timestamp": TIME}], {}

    assert called("plan", "--shards", "2").exit_code == 0
    with github_that(answer) as api:
        fetched = called("fetch", GITHUB_API_URL=api, **TOKEN)
        assert fetched.output == "2 fetched, 1 unreadable, 1 without a repository\n"
        for shard in ("001", "002"):
            graded = called("grade", "--out", f"job/results/grades-{shard}", PROCTOR_SHARD=shard, **BARE)
            assert graded.exit_code == 0, graded.output
        assert called("merge").exit_code == 0
        published = called("publish", GITHUB_API_URL=api, **TOKEN)
    assert "2 check runs are published" in published.output
    assert {name: one["head_sha"] for name, one in check_runs.items()} == commits
    feedback = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in (place / "job/feedback").iterdir()}
    assert sorted(feedback) == ["ann", "ben"]
    assert "100 of 100 points" in feedback["ann"]["output"]["text"]
    assert TIME[:10] in (place / "job/repositories.csv").read_text(encoding="utf-8")
    assert "to-ken" not in str([path.read_bytes() for path in place.rglob("*") if path.is_file()])


def test_a_token_is_sent_to_no_other_server(place: Path) -> None:
    assert called("plan").exit_code == 0
    for server, api in (
        ("https://gitlab.example", "https://api.github.com"),
        ("https://a.example", "https://b.a.example"),
    ):
        with pytest.raises(UsageError, match=f"`{server}`, and would be sent to `{api}`"):
            called("fetch", "--server", server, "--api", api, **TOKEN)
    assert not (place / "job" / "submissions.jsonl").exists()


HOSTED = {"GITHUB_ACTIONS": "true", "RUNNER_ENVIRONMENT": "github-hosted"}


def prepared(environment: Mapping[str, str], missing: Missing) -> list[str]:
    """Prepare a machine that lacks something; return what was run as root."""
    commands: list[str] = []

    def note(command: Sequence[str]) -> None:
        commands.append(" ".join(command))

    assert prepare_machine(environment, missing, run=note) == 0
    return commands


def test_a_machine_that_has_everything_is_left_alone() -> None:
    assert prepared({}, Missing()) == []


@pytest.mark.parametrize(
    "environment", [{}, {"GITHUB_ACTIONS": "true"}, {"GITHUB_ACTIONS": "true", "RUNNER_ENVIRONMENT": "self-hosted"}]
)
def test_only_a_machine_that_is_thrown_away_is_changed(environment: Mapping[str, str]) -> None:
    def never(command: Sequence[str]) -> None:
        raise AssertionError(command)

    for missing in (Missing(layers=("something is open",)), Missing(programs=(ServerProgram.NGINX,))):
        with pytest.raises(UsageError, match="not thrown away"):
            prepare_machine(environment, missing, run=never)


def test_layers_and_servers_are_brought_where_they_are_missing() -> None:
    assert prepared(HOSTED, Missing(layers=("something is open",)))[1].endswith("-recommends bubblewrap libseccomp2")
    assert prepared(HOSTED, Missing(programs=(ServerProgram.NGINX,)))[1:] == [
        "apt-get install --quiet --yes --no-install-recommends nginx-light"
    ]


def test_a_machine_with_every_layer_lacks_nothing_for_an_exercise_without_servers(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("proctor.isolation.protection.Protection.open_doors", list[str])
    assert prepared({}, find_missing(load_course(place))) == []


def test_what_exercises_start_and_the_machine_lacks_is_found(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = place / "exercises" / SLUG / "exercise.toml"
    text = manifest.read_text(encoding="utf-8").replace('"plain"', '"servers"')
    manifest.write_text(f'{text}programs = ["nginx"]\n', encoding="utf-8")

    def nowhere(_: ServerProgram) -> Path | None:
        return None

    monkeypatch.setattr("proctor.actions.prepare.find_server_program", nowhere)
    assert find_missing(load_course(place)).programs == (ServerProgram.NGINX,)
