"""A newer course comes into a learner's clone, and the learner's work stays what it was, whatever happens meanwhile."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from proctor.errors import UsageError
from proctor.learner.update import update

WORK = "def double(number):\n    return number + number  # größer\n"
STUB = "def double(number):\n    ...  # TODO\n"
NEW_STUB = "def double(number: int) -> int:\n    ...  # TODO: mind the type\n"
MINE = "exercises/one/main.py"


def exercise(slug: str, stub: str = STUB, check: str = "assert True\n", readme: str = "Do it.\n") -> dict[str, str]:
    """Return the files of one exercise."""
    return {
        f"exercises/{slug}/exercise.toml": f'title = "About {slug}"\nfiles = ["main.py"]\n',
        f"exercises/{slug}/README.md": readme,
        f"exercises/{slug}/main.py": stub,
        f"exercises/{slug}/.stub/main.py": stub,
        f"graders/{slug}/test_it.py": check,
    }


def git(root: Path, *words: str) -> str:
    done = subprocess.run(["git", "-C", root, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def write(root: Path, files: Mapping[str, str | None]) -> None:
    """Write files below a folder; None deletes one."""
    for name, content in files.items():
        path = root / name
        if content is None:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode())


def everything(root: Path) -> dict[str, bytes]:
    """Return all files of a clone but those of git and of Proctor."""
    paths = [path for path in sorted(root.rglob("*")) if path.is_file()]
    names = {path.relative_to(root).as_posix(): path for path in paths}
    return {name: path.read_bytes() for name, path in names.items() if not name.startswith((".git/", ".proctor/"))}


def state(root: Path) -> tuple[str, str, str, dict[str, bytes]]:
    """Return all that an update which refuses must leave as it was."""
    return (
        git(root, "rev-parse", "HEAD"),
        git(root, "status", "--porcelain"),
        git(root, "ls-files", "--stage"),
        everything(root),
    )


def run(root: Path, source: str | None = None) -> str:
    """Update, and return what was said."""
    return "\n".join(update(root, source))


def refusal(root: Path, source: str | None = None) -> str:
    """Update where it is refused and nothing changes; return what was said."""
    before = state(root)
    with pytest.raises(UsageError) as caught:
        run(root, source)
    assert state(root) == before
    assert not (root / ".proctor" / "kept").exists()
    assert not (root / ".proctor" / "update.json").exists()
    return str(caught.value)


def kept(root: Path) -> dict[str, bytes]:
    """Return all copies of work, by path below the copy."""
    copies = (root / ".proctor" / "kept").glob("update-*")
    return {name: content for copy in copies for name, content in everything(copy).items()}


@dataclass(frozen=True)
class World:
    """The repository of a course, and the clone of a learner."""

    course: Path
    clone: Path

    def release(self, *changes: Mapping[str, str | None]) -> None:
        """Bring out a newer version of the course."""
        for change in changes:
            write(self.course, change)
        git(self.course, "add", "--all")
        git(self.course, "commit", "--quiet", "-m", "A newer course")

    def commit(self, change: Mapping[str, str | None]) -> None:
        """Commit something in the learner's clone."""
        write(self.clone, change)
        git(self.clone, "add", "--all")
        git(self.clone, "commit", "--quiet", "-m", "My work")

    def work(self, name: str) -> bytes:
        return (self.clone / name).read_bytes()

    def is_current(self, *work: str) -> bool:
        """Tell whether everything but this work is as in the newest course."""
        newest, here = everything(self.course), everything(self.clone)
        known = git(self.clone, "rev-list", "HEAD").split()
        return git(self.course, "rev-parse", "HEAD") in known and all(
            newest.get(name) == here.get(name) for name in newest.keys() | here.keys() if name not in work
        )


@pytest.fixture(autouse=True)
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let git know nothing of this machine, and of the learner only what the environment says."""
    (tmp_path / "home").mkdir()
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "Somebody")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "somebody@example.org")


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Make a course of three exercises, and clone it to a path that is not easy."""
    course, clone = tmp_path / "course", tmp_path / "Übungen von mir"
    course.mkdir()
    git(course, "init", "--quiet", "-b", "main")
    made = World(course, clone)
    made.release(
        {
            ".gitignore": ".proctor/\n",
            "README.md": "Welcome.\n",
            "exercises/course.toml": "",
            "src/old.py": "old = 1\n",
        },
        *(exercise(slug) for slug in ("one", "two", "three")),
    )
    git(tmp_path, "clone", "--quiet", str(course), str(clone))
    return made


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
    monkeypatch.setenv("PATH", str(tmp_path / "home"))
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


# Stopped --------------------------------------------------------------------------------------------------------------

COMMITTED, DIRTY, NEW = MINE, "exercises/two/main.py", "exercises/four/main.py"

WRAPPER = """#!/bin/sh
read count < "$WRAPPED/count"
count=$((count + 1))
echo $count > "$WRAPPED/count"
case " call-$count $* " in *" $STOP_AT "*) ;; *) exec "$REAL_GIT" "$@" ;; esac
test $STOP_WHEN = before && eval "$STOP"
"$REAL_GIT" "$@"
test $STOP_WHEN = after && eval "$STOP"
test -z "$TELL" || echo ended > "$WRAPPED/ended"
"""
KILL = "kill -9 $PPID"

LEARNER = """
import json, os, pathlib, signal, sys
from proctor.errors import ProctorError
from proctor.learner.update import update

for line in sys.stdin:
    root, variables = json.loads(line)
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGINT, signal.default_int_handler)  # shells have jobs in the background ignore it
        os.environ.update(variables)
        try:
            list(update(pathlib.Path(root)))
        except ProctorError as error:
            os._exit(error.exit_code)
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Stopper:
    """A ``git`` that is found first, and does something to whoever calls it: before or after what it was called for."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        git = shutil.which("git")
        assert git is not None
        self.variables = {"PATH": f"{folder}:{os.environ['PATH']}", "REAL_GIT": git, "WRAPPED": str(folder)}
        (folder / "git").write_text(WRAPPER)
        (folder / "git").chmod(0o755)
        os.mkfifo(folder / "ended")
        self.learner = subprocess.Popen(
            [sys.executable, "-c", LEARNER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def close(self) -> None:
        self.learner.communicate()

    def update(self, root: Path, at: str, stop: str = KILL, when: str = "after") -> int:
        """Update in a process that is stopped at a word of a call, or at `call-N`; return its exit code.

        No git of it is at work any more then.
        """
        assert self.learner.stdin is not None
        assert self.learner.stdout is not None
        (self.folder / "count").write_text("0\n")
        kills = KILL in stop
        variables = {**self.variables, "STOP_AT": at, "STOP": stop, "STOP_WHEN": when, "TELL": "yes" if kills else ""}
        self.learner.stdin.write(json.dumps([str(root), variables]) + "\n")
        self.learner.stdin.flush()
        code = int(self.learner.stdout.readline())
        if code == -signal.SIGKILL:
            assert (self.folder / "ended").read_text() == "ended\n"
        return code

    @property
    def calls(self) -> int:
        return int((self.folder / "count").read_text())


@pytest.fixture
def stopper(tmp_path: Path) -> Iterator[Stopper]:
    with closing(Stopper(tmp_path / "wrapped")) as stopper:
        yield stopper


def endanger(world: World, *, has_commits: bool = False) -> None:
    """Let the learner have work of every kind, and the course change below all of it."""
    if has_commits:
        world.commit({COMMITTED: WORK, "notes.md": "Mine.\n"})
    else:
        write(world.clone, {COMMITTED: WORK})
    write(world.clone, {DIRTY: f"{WORK}# not committed\n"})
    world.release(
        *(exercise(slug, NEW_STUB) for slug in ("one", "two", "three", "four")),
        {"README.md": "Hello.\n", "src/old.py": None, "src/new.py": "new = 1\n"},
    )


def is_safe(world: World) -> bool:
    return (world.work(COMMITTED), world.work(DIRTY)) == (WORK.encode(), f"{WORK}# not committed\n".encode())


def note(root: Path) -> Path:
    return root / ".proctor" / "update.json"


@pytest.mark.parametrize("first", ["before", "after"])
@pytest.mark.parametrize("has_commits", [False, True], ids=["straight", "joined"])
def test_whoever_is_killed_at_any_call_of_git_loses_nothing_and_can_go_on(
    world: World, stopper: Stopper, has_commits: bool, first: str
) -> None:
    endanger(world, has_commits=has_commits)
    before = state(world.clone)
    work = [DIRTY] if has_commits else [COMMITTED, DIRTY]
    one = world
    at = changed = 0
    while True:
        at += 1
        if one is world:
            one = World(world.course, world.clone.with_name(f"Übung {at}"))
            shutil.copytree(world.clone, one.clone, symlinks=True)
        code = stopper.update(one.clone, f"call-{at}", when=first)
        assert is_safe(one), at
        if code == 0:
            break
        assert code == -signal.SIGKILL, at
        if state(one.clone) == before and not note(one.clone).exists():
            continue  # with the same clone: the next update goes on from here, a little further
        assert kept(one.clone).keys() == {"one/main.py", "two/main.py"}, at
        said = run(one.clone)
        assert is_safe(one), at
        assert one.is_current(COMMITTED, DIRTY, "notes.md"), at
        assert git(one.clone, "diff", "--name-only", "HEAD").split() == work, at
        assert git(one.clone, "diff", "--name-only", "--cached") == "", at
        assert "About four" in said or "Nothing new" in said, at
        assert not note(one.clone).exists(), at
        one, changed = world, changed + 1
    assert at == stopper.calls + 1 > 20
    assert changed >= 5


@pytest.mark.parametrize("name", ["README.md", "src/new.py", "exercises/three/main.py", NEW])
@pytest.mark.parametrize("size", [0, 3, None])
def test_a_file_that_git_has_written_by_half_is_written_again(
    world: World, stopper: Stopper, name: str, size: int | None
) -> None:
    endanger(world)
    damage = f"head -c {size} '{name}' > half && mv half '{name}'" if size is not None else f"rm '{name}'"
    assert stopper.update(world.clone, "checkout-index", f"(cd '{world.clone}' && {damage}); {KILL}") == -signal.SIGKILL
    assert is_safe(world)
    run(world.clone)
    assert is_safe(world)
    assert world.is_current(COMMITTED, DIRTY)


def test_what_is_edited_after_the_kill_is_not_lost_either(world: World, stopper: Stopper) -> None:
    endanger(world)
    assert stopper.update(world.clone, "checkout-index") == -signal.SIGKILL
    edited = {"exercises/three/main.py": f"{WORK}# three\n", NEW: f"{WORK}# four\n", "README.md": "My notes.\n"}
    begins_like_the_new_one = {"src/new.py": "new"}
    write(world.clone, {**edited, **begins_like_the_new_one, DIRTY: f"{WORK}# not committed\n"})
    run(world.clone)
    assert is_safe(world)
    assert world.work("exercises/three/main.py").decode() == f"{WORK}# three\n"
    assert world.work(NEW).decode() == f"{WORK}# four\n"
    assert kept(world.clone)["_elsewhere/README.md"] == b"My notes.\n"
    assert kept(world.clone)["_elsewhere/src/new.py"] == b"new"
    assert world.is_current(COMMITTED, DIRTY, NEW, "exercises/three/main.py")


@pytest.mark.parametrize("way", ["commit", "stash"])
def test_whoever_goes_on_without_what_was_begun_can_update_later(world: World, stopper: Stopper, way: str) -> None:
    endanger(world)
    assert stopper.update(world.clone, "checkout-index") == -signal.SIGKILL
    git(world.clone, "add", "--all")
    git(world.clone, *(("commit", "--quiet", "-m", "All of it") if way == "commit" else ("stash",)))
    run(world.clone)
    if way == "stash":
        assert world.is_current()
        git(world.clone, "checkout", "stash@{0}", "--", COMMITTED, DIRTY)
    assert is_safe(world)
    assert world.is_current(COMMITTED, DIRTY)


def test_ctrl_c_is_told_as_such_and_the_next_update_goes_on(world: World, stopper: Stopper) -> None:
    endanger(world)
    assert stopper.update(world.clone, "checkout-index", "kill -INT $PPID") == 130
    assert is_safe(world)
    assert run(world.clone).startswith("An earlier update was stopped in the middle.")
    assert is_safe(world)
    assert world.is_current(COMMITTED, DIRTY)


@pytest.mark.parametrize("command", ["checkout-index", "update-index", "update-ref"])
def test_a_git_that_fails_is_told_and_the_next_update_goes_on(
    world: World, stopper: Stopper, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    endanger(world)
    with monkeypatch.context() as patch:
        for name, value in {**stopper.variables, "STOP_AT": command, "STOP_WHEN": "before", "TELL": ""}.items():
            patch.setenv(name, value)
        patch.setenv("STOP", "echo no room >&2; exit 128")
        (stopper.folder / "count").write_text("0\n")
        with pytest.raises(UsageError, match="no room") as caught:
            run(world.clone)
    assert "a copy is in `.proctor/kept/update-" in str(caught.value)
    assert is_safe(world)
    run(world.clone)
    assert is_safe(world)
    assert world.is_current(COMMITTED, DIRTY)
