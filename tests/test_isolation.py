"""What each layer is found to be, what a missing one means, and what exercises about servers may do."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.toy import GOOD, WHOLE, check, grade_toy, toy_course

from proctor.board import Board
from proctor.checks.stage import Stage
from proctor.checks.theatre import Theatre
from proctor.errors import IsolationMissing, StageLost, UsageError
from proctor.isolation import bubblewrap, landlock, seccomp
from proctor.isolation.layers import LAYERS, Layer, Profile
from proctor.isolation.limits import DISK_FILES, disk_is_full
from proctor.isolation.protection import Isolation, choose
from proctor.isolation.sandbox import Sandbox
from proctor.isolation.stage_folder import StageFolder
from proctor.scorecard import Report, Scorecard, Status

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the layers are Linux's")

OPTIONAL = [layer for layer in Layer if layer not in {Layer.PROCESS, Layer.CLEAN_ROOM}]


# Choosing


def test_here_every_layer_is_there() -> None:
    protection = choose(Isolation.STRICT)
    assert protection.is_complete
    assert protection.forks
    assert protection.open_doors() == []


@pytest.mark.parametrize("layer", OPTIONAL)
def test_without_a_layer_strict_refuses_and_auto_says_what_is_open(layer: Layer) -> None:
    with pytest.raises(IsolationMissing, match=f"strict isolation is not to be had here:\n  {layer}: "):
        choose(Isolation.STRICT, [layer])
    protection = choose(Isolation.AUTO, [layer])
    assert set(protection.layers) == set(Layer) - {layer}
    (door,) = protection.open_doors()
    assert door.startswith(LAYERS[layer].without)


def test_processes_of_their_own_are_not_forked_and_claim_nothing_else() -> None:
    protection = choose(Isolation.PROCESS)
    assert not protection.forks
    assert protection.layers == (Layer.PROCESS, Layer.CLEAN_ROOM, Layer.LIMITS)


def test_another_system_has_processes_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    bubblewrap.find_view.cache_clear()
    monkeypatch.setattr(sys, "platform", "darwin")
    try:
        protection = choose(Isolation.AUTO)
    finally:
        bubblewrap.find_view.cache_clear()
    assert not protection.forks
    assert protection.layers == (Layer.PROCESS, Layer.CLEAN_ROOM, Layer.LIMITS)
    assert "Landlock is Linux's, and this is darwin" in protection.missing[Layer.FILES]


def test_a_system_without_posix_is_told_where_to_go(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, "name", "nt")
        with pytest.raises(UsageError, match="grading needs Linux or macOS"):
            choose(Isolation.AUTO)


def test_a_machine_without_bubblewrap_says_which_package_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    bubblewrap.find_view.cache_clear()
    monkeypatch.setenv("PATH", "/nowhere")
    try:
        assert "`bwrap` is not installed" in bubblewrap.find_view().missing
    finally:
        bubblewrap.find_view.cache_clear()


def test_a_machine_where_bubblewrap_fails_says_why_and_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fake = tmp_path / "bwrap"
    fake.write_text("#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n", encoding="utf-8")
    fake.chmod(0o755)
    restricted = tmp_path / "restricted"
    restricted.write_text("1\n", encoding="utf-8")
    monkeypatch.setattr(bubblewrap, "_RESTRICTED", restricted)
    monkeypatch.setenv("PATH", str(tmp_path))
    bubblewrap.find_view.cache_clear()
    try:
        missing = bubblewrap.find_view().missing
    finally:
        bubblewrap.find_view.cache_clear()
    assert "setting up uid map: Permission denied" in missing
    assert "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0" in missing


def test_a_machine_without_libseccomp_says_which_package_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seccomp, "_LIBRARY", "libseccomp-of-another-planet.so")
    assert "apt install libseccomp2" in seccomp.why_missing()


def test_a_kernel_without_landlock_says_what_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landlock, "_CREATE_RULESET", 100_000)  # as a kernel answers that does not know the call
    assert "Linux 5.13 or newer" in landlock.why_missing()


# Proving


class Sieve(Sandbox):
    """A sandbox that forgets to be one."""

    def enter(self, **_: object) -> None:
        return


def test_a_layer_that_does_not_hold_is_found_before_a_submission_is() -> None:
    layers = [Layer.FILES, Layer.SYSTEM_CALLS]
    assert Sandbox([*layers, Layer.PRIVILEGES], Profile.PLAIN).prove() == ""
    assert Sieve(layers, Profile.PLAIN).prove() == "the layers files, system-calls do not hold"


# The launcher that does not fork


def test_without_a_fork_the_judgement_is_the_same(tmp_path: Path) -> None:
    protection = choose(Isolation.PROCESS)
    (tmp_path / "right").mkdir()
    (tmp_path / "wrong").mkdir()
    assert grade_toy(tmp_path / "right", WHOLE, protection=protection).score == 100
    assert grade_toy(tmp_path / "wrong", WHOLE, "def double(number): ...\n", protection=protection).score == 0


def test_without_a_fork_what_was_printed_is_shown_too(tmp_path: Path) -> None:
    talks = "def double(number):\n    print('hello')\n"
    card = grade_toy(tmp_path, WHOLE, talks, protection=choose(Isolation.PROCESS))
    assert card.checks[0].printed == "hello\n"


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("import os\nos._exit(3)\n", "it left with exit status 3"),
        ("import ctypes\nctypes.string_at(0)\n", "it was killed by signal 11"),
        ("while True: ...\n", "computing"),
    ],
)
def test_without_a_fork_an_early_end_is_told_all_the_same(source: str, told: str, tmp_path: Path) -> None:
    card = grade_toy(tmp_path, WHOLE, source + GOOD, protection=choose(Isolation.PROCESS))
    assert card.status is Status.UNREADABLE
    assert told in card.message


# Disk


def fill(folder: Path) -> None:
    (folder / "large").write_bytes(bytes(65 << 20))


def litter(folder: Path) -> None:
    for number in range(DISK_FILES + 1):
        (folder / f"{number}").touch()


def keep(folder: Path) -> None:
    (folder / "deep").mkdir()
    (folder / "deep" / "file").write_bytes(bytes(1 << 20))


@pytest.mark.parametrize(("deed", "is_full"), [(fill, True), (litter, True), (keep, False)])
def test_a_disk_is_full_when_it_holds_too_much_or_too_many(
    deed: Callable[[Path], None], is_full: bool, tmp_path: Path
) -> None:
    folder = StageFolder.create(tmp_path, {"main.py": b""}, None)
    deed(folder.temporary)
    assert disk_is_full(folder.writable) is is_full
    folder.remove()
    assert list(tmp_path.iterdir()) == []


def test_a_stage_that_fills_the_disk_is_ended_and_told_so(tmp_path: Path) -> None:
    writes = "import itertools\nfor number in itertools.count():\n    open(f'{number}', 'wb').write(bytes(1 << 20))\n"
    card = grade_toy(tmp_path, WHOLE, writes + GOOD)
    assert card.status is Status.UNREADABLE
    assert "it keeps more than 64 MiB or very many files in its folder" in card.message


# Exercises about servers

SERVES = """
import multiprocessing, socket, subprocess, sys

CONNECT = "import socket; socket.create_connection(('127.0.0.1', 8000)).sendall(b'4')"

def double(number):
    with socket.create_server(("127.0.0.1", 8000)) as server:
        subprocess.Popen([sys.executable, "-c", CONNECT])
        connection, _ = server.accept()
        with connection:
            return int(connection.recv(1))
"""

FORKS = """
import os, signal

def double(number):
    children = 0
    try:
        while children < 1000:
            if os.fork() == 0:
                signal.pause()
            children += 1
    except OSError:
        return children
    return -1
"""

REACHES = """
import socket

def double(number):
    try:
        socket.create_connection(("127.0.0.1", @PORT@))
    except OSError:
        return 4
"""

COUNTS = check("doubles", 100, 'expect("children", await stage.call("double", 2)).is_one_of(*range(1, 64))')


def test_servers_and_their_clients_meet_in_a_network_of_their_own(tmp_path: Path) -> None:
    assert grade_toy(tmp_path, WHOLE, SERVES, stage="servers").checks[0].message == ""


def test_servers_start_processes_up_to_a_limit_and_all_of_them_end(tmp_path: Path) -> None:
    card = grade_toy(tmp_path, COUNTS, FORKS, stage="servers")
    assert card.checks[0].message == ""
    left = subprocess.run(["pgrep", "-f", f"proctor.stage.*{tmp_path.name}"], capture_output=True, check=False)
    assert left.stdout == b""


def test_servers_do_not_reach_the_network_outside(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as outside:
        submission = REACHES.replace("@PORT@", str(outside.getsockname()[1]))
        assert grade_toy(tmp_path, WHOLE, submission, stage="servers").score == 100


def test_other_exercises_may_not_serve(tmp_path: Path) -> None:
    message = grade_toy(tmp_path, WHOLE, SERVES).checks[0].message
    assert "PermissionError" in message
    assert "it runs in a sandbox: no network, no other processes" in message


def test_without_a_private_view_an_exercise_about_servers_is_not_available_and_not_failed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    card = grade_toy(tmp_path, WHOLE, SERVES, stage="servers", protection=choose(Isolation.AUTO, [Layer.VIEW]))
    assert (card.status, card.score, card.checks) == (Status.UNAVAILABLE, None, ())
    assert "this exercise starts servers of its own, which needs a private network" in card.message
    Board(toy_course(tmp_path, WHOLE), tmp_path).show(report(card))
    assert "not available here" in capsys.readouterr().out


@pytest.mark.parametrize(("others", "code"), [([], 3), (["right"], 0), (["right", "wrong"], 1)])
def test_what_is_not_available_counts_only_where_there_is_nothing_else(
    others: list[str], code: int, tmp_path: Path
) -> None:
    unavailable = grade_toy(tmp_path, WHOLE, SERVES, stage="servers", protection=choose(Isolation.AUTO, [Layer.VIEW]))
    cards = {"right": {"status": Status.GRADED, "score": 100}, "wrong": {"status": Status.GRADED, "score": 0}}
    assert report(unavailable, *(unavailable.model_copy(update=cards[one]) for one in others)).exit_code == code


def report(*cards: Scorecard) -> Report:
    return Report(proctor="0", seed=0, isolation=(), scorecards=cards)


def test_a_layer_that_cannot_be_applied_is_our_fault_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proved and gone a moment later: the folder that a stage may write to is not there."""
    create = StageFolder.create

    def create_and_lose(parent: Path, files: dict[str, bytes], props: bytes | None) -> StageFolder:
        folder = create(parent, files, props)
        folder.temporary.rmdir()
        return folder

    monkeypatch.setattr(StageFolder, "create", create_and_lose)
    with Theatre(choose(Isolation.AUTO)) as theatre, pytest.raises(StageLost, match=r"No such file.*temporary"):
        asyncio.run(Stage.open(theatre, {"main.py": GOOD.encode()}, "main.py"))
