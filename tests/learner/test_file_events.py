"""Events of saved files that do arrive, and reasons for which they do not."""

import os
import shutil
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from watchfiles.main import FileChange

from proctor.learner import file_events
from proctor.learner.file_events import FileEvents, file_events_arrive

PROBE = """
from pathlib import Path
from proctor.learner.file_events import file_events_arrive
events = file_events_arrive(Path({folder!r}))
print(events.works, events.why, events.mend, sep="|")
"""

LIMITED = ["unshare", "--user", "--map-root-user", "sh", "-c"]


def can_limit() -> bool:
    """Whether a process can be given limits of its own, in a user namespace."""
    trial = [*LIMITED, "echo 0 > /proc/sys/user/max_inotify_watches"]
    return shutil.which("unshare") is not None and subprocess.run(trial, check=False).returncode == 0


def with_limit(name: str, folder: Path) -> FileEvents:
    """Probe in a process that may have none of something."""
    setting = f"echo 0 > /proc/sys/user/{name}"
    command = [*LIMITED, f'{setting} && exec "$0" -P -c "$1"', sys.executable, PROBE.format(folder=str(folder))]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    works, why, mend = said.split("|")
    return FileEvents(works == "True", why, mend)


@pytest.fixture(autouse=True)
def nobody_asks_for_polling(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WATCHFILES_FORCE_POLLING", raising=False)


def test_here_they_arrive_and_nothing_is_left_behind(tmp_path: Path) -> None:
    events = file_events_arrive(tmp_path)
    assert events.works
    assert events.why == "a file that was saved for a trial was told of at once"
    assert [*tmp_path.iterdir()] == []


def test_a_folder_that_is_reached_through_a_link_is_as_good(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    assert file_events_arrive(tmp_path / "link").works


WRITER = """
import pathlib, sys
while True:
    pathlib.Path(sys.argv[1]).write_text("saved")
    print("saved", flush=True)
"""


def test_a_folder_in_which_others_save_all_the_time_is_as_good(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(tmp_path / "busy")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == b"saved\n"
            assert file_events_arrive(tmp_path).works
        finally:
            process.kill()


@pytest.mark.parametrize("wish", ["1", "true", "yes"])
def test_who_asks_for_polling_gets_it(wish: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHFILES_FORCE_POLLING", wish)
    assert file_events_arrive(tmp_path) == FileEvents(
        works=False, why=f"`WATCHFILES_FORCE_POLLING={wish}` asks for polling", mend="unset WATCHFILES_FORCE_POLLING"
    )


@pytest.mark.parametrize("wish", ["", "false", "Disabled"])
def test_who_does_not_ask_for_polling_gets_events(wish: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHFILES_FORCE_POLLING", wish)
    assert file_events_arrive(tmp_path).works


@pytest.mark.skipif(sys.platform != "linux", reason="inotify is Linux's")
@pytest.mark.skipif(not can_limit(), reason="this machine has no user namespaces")
@pytest.mark.parametrize(
    ("limit", "why"),
    [("max_inotify_instances", "Too many open files"), ("max_inotify_watches", "OS file watch limit reached")],
)
def test_a_limit_that_is_used_up_is_named_with_what_raises_it(limit: str, why: str, tmp_path: Path) -> None:
    events = with_limit(limit, tmp_path)
    assert not events.works
    assert why in events.why
    name = limit.replace("max_inotify", "max_user")
    now = int(Path(f"/proc/sys/fs/inotify/{name}").read_text(encoding="ascii"))
    assert events.mend == f"sudo sysctl -w fs.inotify.{name}={8 * now}"
    assert [*tmp_path.iterdir()] == []


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_a_folder_that_cannot_be_written_to_says_so() -> None:
    events = file_events_arrive(Path("/proc/self"))
    assert not events.works
    assert events.why.startswith(f"`/proc/{os.getpid()}` cannot be written to (")


def test_a_folder_that_is_not_there_says_so(tmp_path: Path) -> None:
    events = file_events_arrive(tmp_path / "nowhere")
    assert events == FileEvents(
        works=False, why=f"`{tmp_path / 'nowhere'}` cannot be written to (No such file or directory)"
    )


@pytest.mark.parametrize("kind", ["9p", "nfs4", "virtiofs", "fuse.sshfs", "CIFS"])
def test_a_file_system_that_others_write_to_is_not_trusted(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_events, "_mounts", lambda: [("/", "ext4"), (str(tmp_path), kind)])
    events = file_events_arrive(tmp_path)
    assert not events.works
    assert f"is shared ({kind.lower()})" in events.why
    monkeypatch.setenv("WATCHFILES_FORCE_POLLING", "false")  # somebody who knows better
    assert file_events_arrive(tmp_path).works


def test_the_innermost_mount_decides_and_of_two_in_one_place_the_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = [("/", "nfs"), (str(tmp_path), "9p"), (str(tmp_path), "ext4"), (f"{tmp_path}-other", "nfs")]
    monkeypatch.setattr(file_events, "_mounts", lambda: mounts)
    assert file_events_arrive(tmp_path).works


def test_an_event_that_never_comes_is_not_waited_for_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    watched = tmp_path / "watched"
    watched.mkdir()
    watch = file_events.watch

    def watch_elsewhere(_folder: Path, **options: Any) -> Generator[set[FileChange]]:
        return watch(elsewhere, **options)

    monkeypatch.setattr(file_events, "watch", watch_elsewhere)
    assert file_events_arrive(watched) == FileEvents(
        works=False, why=f"a file that was saved for a trial in `{watched}` was not told of"
    )
    assert [*watched.iterdir()] == []
