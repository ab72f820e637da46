"""The grader's end of the channel: no news is lost, and a stranger's bytes do no harm."""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio

from proctor.checks.channel import BYTES_LIMIT, Channel
from proctor.stage import wire


@dataclass
class Line:
    """A channel, its other end, and what was heard over it."""

    other: socket.socket
    channel: Channel = field(init=False)
    heard: list[wire.Message] = field(default_factory=list[wire.Message])

    def hear(self, message: wire.Message) -> bool:
        """Take note of a message; one with the key "quiet" is no news."""
        self.heard.append(message)
        return "quiet" not in message


@pytest_asyncio.fixture
async def line() -> AsyncIterator[Line]:
    """Both ends of a channel."""
    ours, theirs = socket.socketpair()
    one = Line(theirs)
    one.channel = await Channel.open(ours, one.hear)
    yield one
    one.channel.abort()
    theirs.close()


async def test_news_wakes_everybody_who_waits(line: Line) -> None:
    waiting = [asyncio.create_task(line.channel.is_heard_within(60)) for _ in range(2)]
    line.other.sendall(b'{"n": 1}\n{"n": 2}\n')
    assert await asyncio.gather(*waiting) == [True, True]
    assert line.heard == [{"n": 1}, {"n": 2}]


async def test_what_is_no_news_wakes_nobody(line: Line) -> None:
    waiting = asyncio.create_task(line.channel.is_heard_within(60))
    await asyncio.sleep(0)
    line.channel.data_received(b'{"quiet": 1}\n')
    await asyncio.sleep(0)
    assert (line.heard, waiting.done()) == ([{"quiet": 1}], False)
    line.channel.abort()
    assert await waiting


async def test_news_that_comes_as_the_time_is_up_is_not_lost(line: Line) -> None:
    waiting = asyncio.create_task(line.channel.is_heard_within(0))
    await asyncio.sleep(0)  # it waits, and the next turn of the loop will end that
    line.channel.data_received(b'{"n": 1}\n')
    assert await waiting


async def test_silence_is_told_apart_from_news(line: Line) -> None:
    assert not await line.channel.is_heard_within(0)


async def test_the_end_of_the_other_side_is_news(line: Line) -> None:
    line.other.close()
    assert await line.channel.is_heard_within(60)
    assert (line.channel.closed, line.channel.tampered, line.channel.flooded) == (True, "", False)
    line.channel.send({"t": "lost"})


@pytest.mark.parametrize("error", [ValueError, KeyError, TypeError, RecursionError])
async def test_a_message_that_cannot_be_read_closes_the_channel(error: type[Exception]) -> None:
    ours, theirs = socket.socketpair()

    def refuse(message: Any) -> bool:
        raise error(message)

    channel = await Channel.open(ours, refuse)
    theirs.sendall(b'{"n": 1}\n')
    assert await channel.is_heard_within(60)
    assert (channel.closed, channel.tampered) == (True, f"{error.__name__} while reading it")
    theirs.close()


async def test_more_bytes_than_one_stage_may_send_close_the_channel(line: Line) -> None:
    one = wire.line({"v": "x" * 4_000_000})
    for _ in range(BYTES_LIMIT // len(one) + 1):
        line.channel.data_received(one)
    assert (line.channel.closed, line.channel.flooded, line.channel.tampered) == (True, True, "")
