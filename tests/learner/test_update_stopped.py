"""An update that is stopped, at whatever moment and by whatever, costs nobody any work, and the next one goes on."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.learner.update_world import (
    MINE,
    NEW_STUB,
    WORK,
    World,
    exercise,
    git,
    kept,
    run,
    state,
    write,
)

from proctor.errors import UsageError

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
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    return World.made(tmp_path, monkeypatch)


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
