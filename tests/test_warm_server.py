"""The server that stages are forked from: where it can be had, and that it ends."""

import socket
import sys
from collections.abc import Callable

import pytest

from proctor.errors import UsageError
from proctor.warm_server import WarmServer


def test_a_system_that_cannot_fork_stages_is_told_where_to_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(UsageError, match="grading needs Linux, and this is win32"):
        WarmServer()


def hang_up(server: WarmServer, control: socket.socket) -> None:
    del control
    server.close()


def close_one_end(server: WarmServer, control: socket.socket) -> None:
    control.close()
    server.close()


@pytest.mark.parametrize("leave", [hang_up, close_one_end])
def test_the_server_ends_when_it_is_let_go(leave: Callable[[WarmServer, socket.socket], None]) -> None:
    server = WarmServer()
    control = server.join()
    assert control.recv(100) == b'{"ready": true}'
    leave(server, control)
    if leave is hang_up:
        assert control.recv(100) == b"", "the server has closed its end"
        control.close()


def test_every_grader_has_a_control_socket_of_its_own() -> None:
    with WarmServer() as server:
        controls = [server.join() for _ in range(3)]
        assert [control.recv(100) for control in controls] == [b'{"ready": true}'] * 3
        for control in controls:
            control.close()
