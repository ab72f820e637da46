"""Repositories are fetched at one commit each, and whatever they hold, nothing of theirs is run or followed."""

import os
import socket
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.classroom.hand_in_world import World

from proctor.classroom.hand_in import HandIn
from proctor.classroom.sources.declared import UnusableError
from proctor.classroom.sources.git_command import Git, UnreachableError
from proctor.errors import UsageError

PERSON = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@x", "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@x"}
NO_COMMIT = "0123456789abcdef0123456789abcdef01234567"


def git(folder: Path, *words: str, given: str = "") -> str:
    command = ["git", "-c", "protocol.file.allow=always", *words]
    environment = {**os.environ, **PERSON}
    result = subprocess.run(
        command, cwd=folder, input=given, capture_output=True, text=True, check=True, env=environment
    )
    return result.stdout.strip()


def repository(folder: Path, files: Mapping[str, str]) -> str:
    """Make a repository of these files; return its commit."""
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet", "--initial-branch=main")
    return commit(folder, files)


def commit(folder: Path, files: Mapping[str, str]) -> str:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message=work")
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def listed(world: World, *lines: str, header: str = "student,repository,commit") -> Path:
    return world.put("list.csv", "\n".join([header, *lines]))


def only(world: World, address: str | Path, at: str) -> HandIn:
    """Return the hand-in of Alice from one repository."""
    (hand_in,) = world.find(path=listed(world, f'alice,"{address}",{at}')).hand_ins
    assert hand_in.student == "alice"
    return hand_in


@pytest.mark.parametrize("place", ["", "exercises/"])
def test_the_pinned_commit_is_read_whatever_came_later(world: World, place: str) -> None:
    home = world.submissions / "of-alice"
    first = repository(home, {f"{place}one-thing/main.py": "first", "solutions/one-thing/main.py": "theirs"})
    commit(home, {f"{place}one-thing/main.py": "later"})
    hand_in = only(world, home, first.upper())
    assert world.files(hand_in) == {"one-thing": "first", "other-thing": "main.py is missing"}
    assert (hand_in.commit, hand_in.origin) == (first, f"repository {home}")
    assert hand_in.submitted_at is None  # the dates of a commit are the student's own claim
    assert not list((world.folder / "work").rglob("*.git"))


def test_paths_are_taken_from_where_the_list_is_and_addresses_as_they_are(world: World) -> None:
    at = repository(world.submissions / "of-alice", {"one-thing/main.py": "mine"})
    assert world.files(only(world, "of-alice", at))["one-thing"] == "mine"
    assert world.files(only(world, (world.submissions / "of-alice").as_uri(), at))["one-thing"] == "mine"


def test_the_files_of_the_only_exercise_may_lie_at_the_top(tmp_path: Path) -> None:
    world = World(tmp_path / "small", only_one=True)
    at = repository(world.submissions / "r", {"main.py": "mine", "README.md": "x"})
    assert world.files(only(world, "r", at))["one-thing"] == "mine"


def test_the_time_that_a_teacher_knows_is_kept(world: World) -> None:
    at = repository(world.submissions / "r", {"one-thing/main.py": "mine"})
    header = "student,repository,commit,submitted_at"
    path = listed(world, f"alice,r,{at},2026-11-20T18:00:00+01:00", f"bob,r,{at},", header=header)
    alice, bob = world.find(path=path).hand_ins
    assert alice.submitted_at is not None
    assert alice.submitted_at.isoformat() == "2026-11-20T18:00:00+01:00"
    assert bob.submitted_at is None


def test_a_list_with_faults_is_refused_with_all_of_them(world: World) -> None:
    header = "student,repository,commit,submitted_at"
    path = listed(world, "alice,r,c,yesterday", "=bob,r,c,2026-11-20T18:00:00", ",r,c,", header=header)
    with pytest.raises(UsageError) as caught:
        world.find(path=path)
    faults = [line.split(": ")[0].strip() for line in str(caught.value).splitlines()[1:]]
    assert faults == [
        "line 2, column `submitted_at`",
        "line 3, column `submitted_at`",
        "line 3, column `student`",
        "line 4, column `student`",
    ]
    with pytest.raises(UsageError, match="lacks the column `repository`, `commit`"):
        world.find(path=world.put("other.csv", "student,address\nalice,r\n"))


def test_one_who_cannot_be_fetched_is_unreadable_and_the_others_count(world: World) -> None:
    at = repository(world.submissions / "r", {"one-thing/main.py": "his"})
    path = listed(world, f"alice,nowhere,{at}", f"bob,r,{at}", f"mallory,r,{at}")
    found = world.find(path=path)
    alice, bob = found.hand_ins
    assert alice.problem.startswith("the repository `nowhere` cannot be fetched: ")
    assert world.files(bob)["one-thing"] == "his"
    assert found.strangers == ("`mallory` is nobody on the roster",)


def test_a_student_on_two_lines_is_no_answer(world: World) -> None:
    at = repository(world.submissions / "r", {"one-thing/main.py": "his"})
    (hand_in,) = world.find(path=listed(world, f"alice,r,{at}", f"alice,r,{at}")).hand_ins
    assert "nobody knows which of them counts" in hand_in.problem


@pytest.mark.parametrize(
    "ref", ["main", "HEAD", "", "--upload-pack=touch forged", "-h", "3f786850", f"{NO_COMMIT}^", f"{NO_COMMIT}\u200b"]
)
def test_only_the_full_id_of_a_commit_pins_it(world: World, ref: str) -> None:
    repository(world.submissions / "r", {"one-thing/main.py": "mine"})
    assert "not the full id of a commit" in only(world, "r", ref).problem
    assert not list(world.folder.rglob("forged"))


def test_an_id_that_is_of_no_commit_is_refused(world: World) -> None:
    repository(world.submissions / "r", {"one-thing/main.py": "mine"})
    blob = git(world.submissions / "r", "rev-parse", "HEAD:one-thing/main.py")
    assert only(world, "r", NO_COMMIT).problem.startswith("the repository `r` cannot be fetched: ")
    assert only(world, "r", blob).problem
    git(world.submissions / "r", "tag", "--annotate", "--message=mine", "handed-in")
    tag = git(world.submissions / "r", "rev-parse", "handed-in")
    assert only(world, "r", tag).problem == f"the repository `r` has {tag} as a tag, not as a commit"


def test_a_server_that_does_not_answer_is_not_the_students_fault(world: World) -> None:
    with socket.socket() as bound:  # and nobody listens
        bound.bind(("127.0.0.1", 0))
        hand_in = only(world, f"https://127.0.0.1:{bound.getsockname()[1]}/r.git", NO_COMMIT)
    assert hand_in.problem
    assert hand_in.is_undecided
    assert not only(world, "nowhere", NO_COMMIT).is_undecided


@pytest.mark.parametrize(
    "address",
    [
        "ext::sh -c touch% forged",
        "ext::sh%20-c%20touch%20forged",
        "fd::17",
        "http://localhost:1/r",
        "git://localhost:1/r",
        "https://-oProxyCommand=touch forged/r",
        "ssh://-oProxyCommand=touch%20forged/r",
        "-oProxyCommand=x:r",
        "--upload-pack=touch forged",
        "-u",
        "file::r",
        "\x1b[31m",
        "",
        "x" * 2000,
    ],
)
def test_no_other_way_to_fetch_is_taken(world: World, address: str) -> None:
    hand_in = only(world, address, NO_COMMIT)
    assert hand_in.problem
    assert hand_in.problem.isprintable()
    assert not list(world.folder.rglob("forged"))
    assert not Path("forged").exists()


def test_git_itself_refuses_other_ways_too(world: World, tmp_path: Path) -> None:
    guarded = Git()
    with pytest.raises(UnusableError, match="transport 'ext' not allowed"):
        guarded.fetch(f"ext::sh -c touch% {tmp_path}/forged", NO_COMMIT, world.folder / "x.git")
    assert world.outside() == {"x.git"}


def test_hooks_filters_and_settings_of_a_repository_do_nothing(world: World, tmp_path: Path) -> None:
    home = world.submissions / "r"
    touch = f"touch {tmp_path}/forged"
    at = repository(home, {"one-thing/main.py": "mine"})
    commit(home, {".gitattributes": "*.py filter=evil\n", ".lfsconfig": "[lfs]\nurl = ext::touch\n"})
    at = commit(home, {"one-thing/main.py": "mine, too"})
    for setting in ("filter.evil.smudge", "filter.evil.process", "core.fsmonitor", "uploadpack.packObjectsHook"):
        git(home, "config", setting, touch)
    for hook in ("post-checkout", "pre-upload", "post-upload-pack", "reference-transaction", "post-merge"):
        path = home / ".git" / "hooks" / hook
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{touch}\n", encoding="utf-8")
        path.chmod(0o755)
    assert world.files(only(world, "r", at))["one-thing"] == "mine, too"
    assert world.outside() == set()


def test_links_are_not_followed(world: World) -> None:
    home = world.submissions / "r"
    home.mkdir()
    (home / "one-thing").mkdir()
    (home / "one-thing" / "main.py").symlink_to("/etc/passwd")
    (home / "other-thing").symlink_to("/etc")
    git(home, "init", "--quiet")
    at = commit(home, {})
    said = "main.py is a link, and links are not followed"
    assert world.files(only(world, "r", at)) == {"one-thing": said, "other-thing": said}


def test_submodules_are_not_fetched(world: World) -> None:
    inner = repository(world.submissions / "inner", {"main.py": "inner"})
    home = world.submissions / "r"
    repository(home, {"other-thing/main.py": "mine"})
    git(home, "submodule", "--quiet", "add", str(world.submissions / "inner"), "one-thing")
    at = commit(home, {})
    assert inner in git(home, "ls-tree", at)
    hand_in = only(world, "r", at)
    assert world.files(hand_in) == {"one-thing": "main.py is missing", "other-thing": "mine"}


def test_a_huge_file_is_not_read(world: World) -> None:
    home = world.submissions / "r"
    at = repository(home, {"one-thing/main.py": "x" * (20 << 20), "other-thing/main.py": "mine"})
    hand_in = only(world, "r", at)
    read = world.files(hand_in)
    assert read["one-thing"] == "main.py has 16,777,216 bytes; more than 262,144 are not read"
    assert read["other-thing"] == "mine"


def test_a_repository_that_is_too_large_is_not_fetched(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    home = world.submissions / "r"
    home.mkdir()
    (home / "noise").write_bytes(os.urandom(3 << 20))
    git(home, "init", "--quiet")
    at = commit(home, {"one-thing/main.py": "mine"})
    monkeypatch.setattr("proctor.classroom.sources.git_command._LIMITED", 'ulimit -f 2048; exec "$@"')
    assert only(world, "r", at).problem.startswith("the repository `r` cannot be fetched: ")


def test_folders_that_hold_each_other_without_end_are_not_walked(world: World) -> None:
    home = world.submissions / "r"
    repository(home, {})
    blob = git(home, "hash-object", "-w", "--stdin", given="mine")
    tree = git(home, "mktree", given=f"100644 blob {blob}\tmain.py\n")
    for _ in range(30):  # 2 to the power of 30 paths
        tree = git(
            home, "mktree", given="".join(f"040000 tree {tree}\t{name}\n" for name in ("other-thing", "one-thing"))
        )
    at = git(home, "commit-tree", tree, "-m", "bomb")
    git(home, "update-ref", "refs/heads/bomb", at)
    assert world.files(only(world, "r", at))["one-thing"] == "main.py is missing"


def test_a_branch_that_is_called_like_an_option_is_nothing_but_a_name(world: World, tmp_path: Path) -> None:
    home = world.submissions / "r"
    at = repository(home, {"one-thing/main.py": "mine"})
    git(home, "update-ref", f"refs/heads/--upload-pack=touch-{tmp_path.name}", at)
    git(home, "update-ref", f"refs/heads/{NO_COMMIT}", at)  # and one that is called like another commit
    assert world.files(only(world, "r", at))["one-thing"] == "mine"
    assert only(world, "r", NO_COMMIT).problem.startswith("the repository `r` cannot be fetched: ")


def test_file_names_of_a_repository_are_never_paths_of_ours(world: World) -> None:
    home = world.submissions / "r"
    repository(home, {})
    blob = git(home, "hash-object", "-w", "--stdin", given="forged")
    inner = git(home, "mktree", given=f"100644 blob {blob}\tmain.py\n")
    tree = git(
        home, "mktree", given=f"040000 tree {inner}\t..\n040000 tree {inner}\tone-thing\n100644 blob {blob}\ta\\b\n"
    )
    at = git(home, "commit-tree", tree, "-m", "paths")
    git(home, "update-ref", "refs/heads/paths", at)
    assert world.files(only(world, "r", at))["one-thing"] == "forged"
    assert world.outside() == set()


def test_a_fetch_that_takes_too_long_is_ended_with_all_its_processes(world: World, tmp_path: Path) -> None:
    alive = tmp_path / "alive"
    os.mkfifo(alive)
    listening = os.open(alive, os.O_RDONLY | os.O_NONBLOCK)
    slow = tmp_path / "slow"
    slow.write_text(f"#!/bin/sh\nexec 9>{alive}\necho begun >&9\nsleep 600\n", encoding="utf-8")
    slow.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIT_SSH_COMMAND", str(slow))
        guarded = Git(time_limit=2)
    with pytest.raises(UnreachableError, match=r"was not fetched within"):
        guarded.fetch("git@example.invalid:r.git", NO_COMMIT, world.folder / "work.git")
    os.set_blocking(listening, True)
    with os.fdopen(listening, "rb") as file:
        assert file.read() == b"begun\n"  # ends when nobody is left who could write


def test_variables_of_the_repository_in_which_this_runs_are_not_taken(world: World) -> None:
    at = repository(world.submissions / "r", {"one-thing/main.py": "mine"})
    with pytest.MonkeyPatch.context() as patch:
        for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"):
            patch.setenv(name, "/nonexistent")
        assert world.files(only(world, "r", at))["one-thing"] == "mine"
