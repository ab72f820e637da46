"""The server that stages are forked from: that it ends, and that it says so when its sandbox does not hold."""

import socket
from collections.abc import Callable

import pytest

from proctor.isolation.protection import BARE
from proctor.isolation.warm_server import WarmServer

READY = b'{"ready": true}'


def hang_up(server: WarmServer, control: socket.socket) -> None:
    del control
    server.close()


def close_one_end(server: WarmServer, control: socket.socket) -> None:
    control.close()
    server.close()


@pytest.mark.parametrize("leave", [hang_up, close_one_end])
def test_the_server_ends_when_it_is_let_go(leave: Callable[[WarmServer, socket.socket], None]) -> None:
    server = WarmServer(BARE)
    control = server.join()
    assert control.recv(100) == READY
    leave(server, control)
    if leave is hang_up:
        assert control.recv(100) == b"", "the server has closed its end"
        control.close()
    assert not server.stages.exists()


def test_every_grader_has_a_control_socket_of_its_own() -> None:
    with WarmServer(BARE) as server:
        controls = [server.join() for _ in range(3)]
        assert [control.recv(100) for control in controls] == [READY] * 3
        for control in controls:
            control.close()
