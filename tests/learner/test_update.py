"""A newer course comes into a learner's clone, and the learner's work stays what it was."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.learner.update_world import (
    MINE,
    NEW_STUB,
    STUB,
    WORK,
    World,
    everything,
    exercise,
    git,
    kept,
    run,
    state,
    write,
)

from proctor.errors import UsageError
from proctor.learner.update import update


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    return World.made(tmp_path, monkeypatch)


def refusal(root: Path, source: str | None = None) -> str:
    """Update where it is refused and nothing changes; return what was said."""
    before = state(root)
    with pytest.raises(UsageError) as caught:
        run(root, source)
    assert state(root) == before
    assert not (root / ".proctor" / "kept").exists()
    assert not (root / ".proctor" / "update.json").exists()
    return str(caught.value)


def test_an_untouched_clone_becomes_the_newer_course(world: World) -> None:
    world.release(exercise("one", NEW_STUB), exercise("four"), {"README.md": "Hello.\n", "src/old.py": None})
    said = run(world.clone)
    assert world.is_current()
    assert git(world.clone, "status", "--porcelain") == ""
    assert git(world.clone, "rev-parse", "HEAD") == git(world.course, "rev-parse", "HEAD")
    assert not (world.clone / "src").exists()
    assert "New exercises:\n  About four (`four`)" in said
    assert not kept(world.clone)
    assert "copy" not in said
    assert "Nothing new" in run(world.clone)


def test_the_message_says_from_where_to_where(world: World) -> None:
    before = git(world.clone, "log", "-1", "--date=short", "--format=`%h` (%cd)")
    world.release({"README.md": "Hello.\n"})
    after = git(world.course, "log", "-1", "--date=short", "--format=`%h` (%cd)")
    assert f"The course has moved from {before} to {after}." in run(world.clone)


def test_work_that_was_never_committed_stays_while_the_stub_below_it_changes(world: World) -> None:
    write(world.clone, {MINE: WORK})
    world.release(exercise("one", NEW_STUB, check="assert 1\n"), exercise("two", NEW_STUB, check="assert 2\n"))
    said = run(world.clone)
    assert world.work(MINE) == WORK.encode()
    assert kept(world.clone) == {"one/main.py": WORK.encode()}
    assert world.is_current(MINE)
    assert git(world.clone, "status", "--porcelain") == f"M {MINE}"
    assert f"  git diff --no-index exercises/one/.stub/main.py {MINE}" in said
    assert "two/main.py" not in said
    assert "Graders have changed: `one`. Your points may change; `nox` grades again." in said
    (copy,) = (world.clone / ".proctor" / "kept").iterdir()
    assert f"a copy of it is in `.proctor/kept/{copy.name}`" in said


def test_work_that_was_committed_is_joined_with_the_newer_course(world: World) -> None:
    world.commit({MINE: WORK, "notes.md": "Mine.\n"})
    write(world.clone, {"exercises/two/main.py": WORK})
    world.release(exercise("one", NEW_STUB), exercise("two", NEW_STUB), exercise("three", NEW_STUB))
    said = run(world.clone)
    assert world.work(MINE) == world.work("exercises/two/main.py") == WORK.encode()
    assert world.is_current(MINE, "exercises/two/main.py", "notes.md")
    assert git(world.clone, "show", f"HEAD:{MINE}").encode() == WORK.strip().encode()
    assert git(world.clone, "show", "HEAD:exercises/two/main.py") == NEW_STUB.strip()
    assert git(world.clone, "status", "--porcelain") == "M exercises/two/main.py"
    assert len(git(world.clone, "rev-list", "--parents", "-1", "HEAD").split()) == 3
    assert "It is joined with your own commits" in said
    world.release(exercise("one", STUB))
    run(world.clone)
    assert world.work(MINE) == WORK.encode()


def test_changes_of_both_in_different_lines_of_another_file_are_joined(world: World) -> None:
    lines = [f"{number}\n" for number in range(9)]
    world.release({"README.md": "".join(lines)})
    run(world.clone)
    world.commit({"README.md": "".join(["mine\n", *lines[1:]])})
    world.release({"README.md": "".join([*lines[:-1], "theirs\n"])})
    run(world.clone)
    assert world.work("README.md").decode() == "".join(["mine\n", *lines[1:-1], "theirs\n"])
    assert git(world.clone, "status", "--porcelain") == ""


def test_a_conflict_in_another_file_leaves_everything_as_it_was(world: World) -> None:
    world.commit({MINE: WORK, "README.md": "My notes.\n"})
    write(world.clone, {"exercises/two/main.py": WORK})
    world.release({"README.md": "Hello.\n"}, exercise("one", NEW_STUB), exercise("two", NEW_STUB))
    said = refusal(world.clone)
    assert "`README.md`" in said
    back = next(part for part in said.split("`") if part.startswith("git checkout"))
    subprocess.run(back, shell=True, cwd=world.clone, check=True, capture_output=True)  # noqa: S602 - it is for a shell
    git(world.clone, "commit", "--quiet", "-m", "Put back", "README.md")
    run(world.clone)
    assert world.is_current(MINE, "exercises/two/main.py")


def test_line_ends_of_another_system_are_no_work(world: World) -> None:
    shutil.rmtree(world.clone)
    git(world.course, "clone", "--quiet", "-c", "core.autocrlf=true", str(world.course), str(world.clone))
    assert b"\r\n" in world.work(MINE)
    world.release(exercise("one", NEW_STUB), {"README.md": "Hello.\n"})
    run(world.clone)
    assert world.work(MINE) == NEW_STUB.replace("\n", "\r\n").encode()
    assert git(world.clone, "status", "--porcelain") == ""
    assert not kept(world.clone)


def test_changes_elsewhere_that_are_not_committed_are_refused(world: World) -> None:
    write(world.clone, {MINE: WORK, "README.md": "My notes.\n", "graders/one/test_it.py": None})
    world.release(exercise("one", NEW_STUB))
    said = refusal(world.clone)
    assert "`README.md`" in said
    assert "`graders/one/test_it.py`" in said
    assert MINE not in said
    aside = next(part for part in said.split("`") if part.startswith("git stash push"))
    subprocess.run(aside, shell=True, cwd=world.clone, check=True, capture_output=True)  # noqa: S602 - it is for a shell
    run(world.clone)
    assert world.work(MINE) == WORK.encode()


def test_changes_that_git_was_told_to_overlook_are_refused_too(world: World) -> None:
    git(world.clone, "update-index", "--skip-worktree", "README.md")
    git(world.clone, "update-index", "--assume-unchanged", MINE)
    write(world.clone, {MINE: WORK, "README.md": "My notes.\n"})
    world.release(exercise("one", NEW_STUB), {"README.md": "Hello.\n"})
    assert "`README.md`" in refusal(world.clone)
    git(world.clone, "update-index", "--no-skip-worktree", "README.md")
    git(world.clone, "checkout", "--", "README.md")
    run(world.clone)
    assert world.work(MINE) == WORK.encode()


@pytest.mark.parametrize("in_the_way", ["docs/guide.md", "docs", "docs/guide.md/deeper.txt"])
def test_what_lies_in_the_way_of_a_new_file_is_refused(world: World, in_the_way: str) -> None:
    write(world.clone, {MINE: WORK, in_the_way: "Mine.\n"})
    world.release({"docs/guide.md": "Read this.\n"}, exercise("one", NEW_STUB))
    said = refusal(world.clone)
    assert in_the_way.removesuffix("/deeper.txt") in said


def test_a_link_in_the_way_of_a_new_folder_is_refused(world: World, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (world.clone / "docs").symlink_to(tmp_path / "outside")
    world.release({"docs/guide.md": "Read this.\n"})
    assert "`docs`" in refusal(world.clone)
    assert not list((tmp_path / "outside").iterdir())


def test_a_file_may_become_a_folder_and_a_folder_a_file(world: World) -> None:
    world.release({"guide/one.md": "1\n", "guide/two.md": "2\n"})
    run(world.clone)
    world.release({"guide/one.md": None, "guide/two.md": None, "src/old.py": None})
    shutil.rmtree(world.course / "guide", ignore_errors=True)
    world.release({"guide": "Both.\n", "src/old.py/new.py": "new = 1\n"})
    run(world.clone)
    assert world.is_current()
    assert git(world.clone, "status", "--porcelain") == ""


def test_files_of_ones_own_stay_where_they_are(world: World) -> None:
    own = {"exercises/one/helper.py": "x = 1\n", "notes.md": "Mine.\n", ".proctor/mine": "Mine.\n"}
    write(world.clone, own)
    world.release(dict.fromkeys(exercise("one")))
    run(world.clone)
    assert {name: world.work(name).decode() for name in own} == own


def test_work_in_an_exercise_that_the_course_has_dropped_survives(world: World) -> None:
    write(world.clone, {MINE: WORK})
    world.commit({"exercises/two/main.py": WORK})
    write(world.clone, {"exercises/two/main.py": f"{WORK}\n"})
    git(world.clone, "reset", "--quiet", "--soft", "HEAD")
    world.release({name: None for slug in ("one", "two", "three") for name in exercise(slug)})
    said = run(world.clone)
    assert world.work(MINE) == WORK.encode()
    assert world.work("exercises/two/main.py") == f"{WORK}\n".encode()
    assert kept(world.clone).keys() == {"one/main.py", "two/main.py"}
    assert not (world.clone / "exercises" / "three").exists()
    assert "No longer in the course: `one`, `two`." in said


def test_work_at_the_path_of_a_new_exercise_is_work(world: World) -> None:
    write(world.clone, {"exercises/four/main.py": WORK})
    world.release(exercise("four"))
    run(world.clone)
    assert world.work("exercises/four/main.py") == WORK.encode()
    assert kept(world.clone) == {"four/main.py": WORK.encode()}
    assert world.is_current("exercises/four/main.py")


def test_what_is_staged_stays_staged(world: World) -> None:
    write(world.clone, {MINE: WORK})
    git(world.clone, "add", MINE)
    write(world.clone, {MINE: f"{WORK}# more\n"})
    world.release(exercise("one", NEW_STUB))
    run(world.clone)
    assert git(world.clone, "show", f":{MINE}") == WORK.strip()
    assert world.work(MINE) == f"{WORK}# more\n".encode()


def test_a_file_that_the_learner_has_deleted_is_not_brought_back(world: World) -> None:
    write(world.clone, {MINE: None})
    world.release(exercise("one", NEW_STUB))
    run(world.clone)
    assert not (world.clone / MINE).exists()
    assert world.is_current(MINE)


def test_a_course_that_was_rewritten_is_no_conflict_for_whoever_has_not_changed_it(world: World) -> None:
    world.release({"README.md": "Hallo.\n"})
    run(world.clone)
    write(world.clone, {MINE: WORK})
    write(world.course, {"README.md": "Hello.\n"} | exercise("one", NEW_STUB))
    git(world.course, "commit", "--quiet", "--all", "--amend", "-m", "Spelled right")
    run(world.clone)
    assert world.work(MINE) == WORK.encode()
    assert world.is_current(MINE)


def test_whoever_has_told_git_no_name_can_join_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.commit({MINE: WORK})
    world.release(exercise("one", NEW_STUB))
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.delenv(f"GIT_{name}_NAME")
        monkeypatch.delenv(f"GIT_{name}_EMAIL")
    git(world.clone, "config", "user.useConfigOnly", "true")
    git(world.clone, "config", "user.name", "Ünal")
    run(world.clone)
    assert git(world.clone, "log", "-1", "--format=%an %ae") == "Ünal learner@localhost"


def test_variables_of_another_repository_confuse_nobody(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    write(world.clone, {MINE: WORK})
    world.release(exercise("one", NEW_STUB), exercise("four"))
    with monkeypatch.context() as patch:
        patch.setenv("GIT_DIR", str(world.course / ".git"))
        patch.setenv("GIT_WORK_TREE", str(world.course))
        patch.setenv("GIT_INDEX_FILE", str(world.course / "nowhere"))
        patch.setenv("LC_ALL", "de_DE.UTF-8")
        run(world.clone)
    assert world.is_current(MINE)
    assert git(world.course, "status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("source", "expected"),
    [(None, "b"), ("upstream", "b"), ("origin", "a"), ("upstream/extra", "c"), ("origin/main", "a")],
)
def test_the_course_comes_from_upstream_or_from_where_one_says(
    world: World, tmp_path: Path, source: str | None, expected: str
) -> None:
    other = tmp_path / "other"
    git(tmp_path, "clone", "--quiet", str(world.course), str(other))
    git(world.clone, "remote", "add", "upstream", str(other))
    world.release({"where.txt": "a"})
    World(other, world.clone).release({"where.txt": "b"})
    git(other, "switch", "--quiet", "-c", "extra")
    World(other, world.clone).release({"where.txt": "c"})
    git(other, "switch", "--quiet", "main")
    run(world.clone, source)
    assert world.work("where.txt").decode() == expected


def test_a_branch_without_a_course_of_its_own_gets_that_of_origin(world: World) -> None:
    git(world.clone, "switch", "--quiet", "-c", "my-work")
    git(world.clone, "remote", "set-head", "origin", "--delete")
    world.release({"README.md": "Hello.\n"})
    run(world.clone)
    assert git(world.clone, "symbolic-ref", "--short", "HEAD") == "my-work"
    assert world.is_current()


def zip_download(world: World) -> None:
    shutil.rmtree(world.clone / ".git")


def zip_in_another_repository(world: World) -> None:
    shutil.rmtree(world.clone / ".git")
    git(world.clone.parent, "init", "--quiet")


def no_remote(world: World) -> None:
    git(world.clone, "remote", "remove", "origin")


def remote_of_another_name(world: World) -> None:
    git(world.clone, "remote", "rename", "origin", "school")
    git(world.clone, "branch", "--unset-upstream")


def remote_that_is_gone(world: World) -> None:
    world.course.rename(world.course.with_name("elsewhere"))


def detached(world: World) -> None:
    git(world.clone, "switch", "--quiet", "--detach")


def merging(world: World) -> None:
    head = git(world.clone, "rev-parse", "HEAD")
    (world.clone / ".git" / "MERGE_HEAD").write_text(f"{head}\n")


def rebasing(world: World) -> None:
    (world.clone / ".git" / "rebase-merge").mkdir()


def shallow(world: World) -> None:
    world.release({"README.md": "Hello.\n"})
    shutil.rmtree(world.clone)
    git(world.course.parent, "clone", "--quiet", "--depth=1", world.course.as_uri(), str(world.clone))


def another_history(world: World) -> None:
    git(world.clone, "switch", "--quiet", "--orphan", "main-of-mine")
    world.commit({"README.md": "Mine.\n"})


def git_at_work(world: World) -> None:
    (world.clone / ".git" / "index.lock").touch()


def no_such_branch(world: World) -> None:
    git(world.clone, "config", "branch.main.merge", "refs/heads/gone")


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (zip_download, ("is no git clone", "git clone ADDRESS")),
        (zip_in_another_repository, ("is no git clone", "git clone ADDRESS")),
        (no_remote, ("git remote add upstream ADDRESS",)),
        (remote_of_another_name, ("`school`", "--from REMOTE")),
        (remote_that_is_gone, ("`git fetch` got no answer", "Nothing has changed", "git remote -v")),
        (detached, ("on no branch", "git switch")),
        (merging, ("in the middle of a merge", "git merge --abort")),
        (rebasing, ("in the middle of a rebase", "git rebase --abort")),
        (shallow, ("shallow", "git fetch --unshallow")),
        (another_history, ("nothing in common with `origin/main`", "git clone ADDRESS")),
        (git_at_work, ("index.lock",)),
        (no_such_branch, ("`git fetch` got no answer", "refs/heads/gone")),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_trouble_is_told_with_what_to_do_and_changes_nothing(
    world: World, trouble: Callable[[World], None], words: tuple[str, ...]
) -> None:
    trouble(world)
    write(world.clone, {MINE: WORK})
    before = everything(world.clone)
    with pytest.raises(UsageError) as caught:
        run(world.clone)
    assert [word for word in words if word not in str(caught.value)] == [], str(caught.value)
    assert everything(world.clone) == before


def test_a_machine_without_git_is_told_to_install_it(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    with pytest.raises(UsageError, match="git is not installed"):
        run(world.clone)


def test_a_remote_that_does_not_exist_is_told_with_the_near_miss(world: World) -> None:
    assert "Did you mean `origin`?" in refusal(world.clone, "orgin/main")


def test_two_updates_do_not_run_at_the_same_time(world: World) -> None:
    world.release({"README.md": "Hello.\n"})
    first = update(world.clone)
    next(first)
    with pytest.raises(UsageError, match="another update is at work"):
        run(world.clone)
    assert list(first)
    assert world.is_current()
