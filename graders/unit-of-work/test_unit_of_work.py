"""The unit of work: what is written, committed, undone, closed, answered and announced, and when, seen from outside."""

import json
from dataclasses import dataclass, field
from typing import Any, Final

import pytest

from proctor.checks import Application, Draw, Exchange, Stage, expect

LIMIT: Final = 1000
FORESEEN: Final = {"ConnectionError", "OverLimit"}
"""Exceptions that the task wants answered: where they are not, the status says it better than they do."""

Row = list[Any]
"""One trade: its id, its symbol and its quantity."""


class Database:
    """What is durable, and what the sessions have written. It lives with the grader."""

    def __init__(self, stage: Stage) -> None:
        self.trades: list[Row] = []
        self.is_down = False
        self.breaks = False
        self._written: dict[int, list[Row]] = {}
        self._closed: set[int] = set()
        self._opened = stage.collaborator("db.session", "notify")
        self.add = stage.collaborator("session.add", does=self._add)
        self.commit = stage.collaborator("session.commit", does=self._commit)
        self._others = {
            "rollback": stage.collaborator("session.rollback", does=self._rollback),
            "close": stage.collaborator("session.close", does=self._closed.add),
        }

    async def open_on(self, stage: Stage) -> Any:
        """Return the database as the submission is given it."""
        return await stage.props("database", self._opened, {"add": self.add, "commit": self.commit, **self._others})

    @property
    def opened(self) -> list[int]:
        """The sessions that were ever opened."""
        return self._opened.arguments

    @property
    def open(self) -> list[int]:
        """The sessions that are open."""
        return [number for number in self.opened if number not in self._closed]

    @property
    def unfinished(self) -> list[Row]:
        """What was written, and neither committed nor rolled back."""
        return [row for written in self._written.values() for row in written]

    def _rows(self, number: int) -> list[Row]:
        """Return what a session has written. Raises RuntimeError when it is closed."""
        if number in self._closed:
            raise RuntimeError("this session is closed")
        return self._written.setdefault(number, [])

    def _add(self, number: int, *row: Any) -> int:
        if self.breaks:
            raise RuntimeError("no such table")
        self._rows(number).append(list(row))
        return sum(each[2] for each in self.trades + self._rows(number) if each[1] == row[1])

    def _commit(self, number: int) -> None:
        written = self._rows(number)
        if self.is_down:
            raise ConnectionError("the database is gone")
        self.trades += written
        self._written[number] = []

    def _rollback(self, number: int) -> None:
        self._rows(number).clear()


@dataclass(frozen=True)
class Announcement:
    """A call of ``notify``, and what was still going on when it began."""

    trade_id: Any
    open_sessions: int
    whole_answer_has_left: bool


@dataclass
class Desk:
    """The learner's application with its database."""

    stage: Stage
    database: Database
    announcements: list[Announcement] = field(default_factory=list[Announcement])
    sent: list[Exchange] = field(default_factory=list[Exchange])
    app: Application = field(init=False)

    def send(self, row: Row, *, gated: bool = False, hold_body: bool = False) -> Exchange:
        """Send a trade and do not wait."""
        content_type = ("content-type", "application/json")
        body = body_of(row)
        self.sent.append(
            self.app.request("POST", "/trades", [content_type], body=body, gated=gated, hold_body=hold_body)
        )
        return self.sent[-1]

    def announced(self, trade_id: Any) -> None:
        """Note an announcement."""
        has_left = all(answer.complete for answer in self.sent)
        self.announcements.append(Announcement(trade_id, len(self.database.open), has_left))

    @property
    def announced_ids(self) -> list[Any]:
        """The ids of the trades that were announced, in order."""
        return [announcement.trade_id for announcement in self.announcements]


def body_of(row: Row) -> bytes:
    """Return the body with which a trade is sent."""
    return json.dumps(dict(zip(("id", "symbol", "quantity"), row, strict=True))).encode()


async def open_desk(stage: Stage) -> Desk:
    """Return the learner's desk."""
    database = Database(stage)
    desk = Desk(stage, database)
    notify = stage.collaborator("notify", does=desk.announced)
    desk.app = await stage.app("create_app", await database.open_on(stage), notify)
    return desk


def draw_trade(draw: Draw, *, quantity: int = 1) -> Row:
    """Return a trade with an id and a symbol of its own."""
    return [draw.identifier(), draw.symbol(), quantity]


def expect_status(about: str, answer: Exchange, status: int) -> None:
    """The answer has this status. What the learner's own code raised is the better message, where nobody foresaw it."""
    error = answer.error
    if answer.status == 500 and error is not None and error.frames and error.kind not in FORESEEN:
        raise error
    expect(f"the status of {about}", answer.status).equals(status)


@pytest.mark.points(30)
@pytest.mark.public
async def test_the_commit_comes_before_the_answer(stage: Stage, draw: Draw) -> None:
    """Nothing of the answer is sent before the commit has returned"""
    desk, row = await open_desk(stage), draw_trade(draw)
    commit = desk.database.commit
    commit.parked = True
    answer = desk.send(row, gated=True)
    await stage.until(
        lambda: bool(commit.waiting or answer.messages) or answer.ended, "session.commit() is called for a trade"
    )
    await stage.settled()
    if answer.status == 500:
        answer.permit(100)
        await answer.finished()
        expect_status("a trade", answer, 201)
    expect("what was sent of the answer before the commit had returned", answer.types).is_empty()
    commit.open()
    await stage.until(lambda: bool(answer.messages) or answer.ended, "the answer begins, once the commit has returned")
    await stage.settled()
    if answer.error is not None:
        raise answer.error
    expect("the trades in the database when the answer begins", desk.database.trades).equals([row])
    answer.permit(100)
    await answer.answered()
    expect_status("a trade that was committed", answer, 201)
    expect("the body of the answer to a trade that was committed", answer.json).equals({"id": row[0]})


@pytest.mark.points(20)
async def test_a_failed_commit_is_told(stage: Stage, draw: Draw) -> None:
    """A trade whose commit fails is answered with 503, rolled back, and not announced; the next one goes well"""
    desk, failed, row = await open_desk(stage), draw_trade(draw), draw_trade(draw)
    desk.database.is_down = True
    answer = await desk.send(failed).answered()
    await stage.settled()
    expect_status("a trade whose commit failed", answer, 503)
    expect("the announcements after a failed commit", desk.announced_ids).equals([])
    expect("what was neither committed nor rolled back after a failed commit", desk.database.unfinished).equals([])
    desk.database.is_down = False
    answer = await desk.send(row).answered()
    await stage.settled()
    expect_status("the next trade", answer, 201)
    expect("the trades in the database after both", desk.database.trades).equals([row])
    expect("the announcements after both", desk.announced_ids).equals([row[0]])


@pytest.mark.points(10)
async def test_a_refused_trade_is_rolled_back(stage: Stage, draw: Draw) -> None:
    """A trade over the limit is answered with 409, rolled back, and not announced"""
    desk, row = await open_desk(stage), draw_trade(draw, quantity=LIMIT)
    refused = [draw.identifier(), row[1], 1]
    await desk.send(row).answered()
    answer = await desk.send(refused).answered()
    await stage.settled()
    expect_status("a trade over the limit", answer, 409)
    expect("the trades in the database, one up to the limit and one over it", desk.database.trades).equals([row])
    expect("what was neither committed nor rolled back of them", desk.database.unfinished).equals([])
    expect("the announcements of them", desk.announced_ids).equals([row[0]])


@pytest.mark.points(10)
async def test_trades_leave_each_other_alone(stage: Stage, draw: Draw) -> None:
    """A trade that is under way is committed and confirmed, whatever becomes of others meanwhile"""
    desk, row, other = await open_desk(stage), draw_trade(draw), draw_trade(draw)
    add, commit = desk.database.add, desk.database.commit
    answer = desk.send(row, hold_body=True)
    await stage.settled()
    desk.send(draw_trade(draw, quantity=LIMIT + 1))
    await stage.settled()  # another trade is refused while this one arrives
    add.parked = commit.parked = True
    answer.body(body_of(row))
    await stage.until(lambda: bool(add.waiting) or answer.ended, "session.add() is called for a trade")
    add.parked = False
    desk.send(draw_trade(draw, quantity=LIMIT + 1))
    await stage.settled()  # one more while it is being written
    add.release()
    await stage.settled()
    for row_meanwhile in (draw_trade(draw, quantity=LIMIT + 1), other):
        desk.send(row_meanwhile)
        await stage.settled()  # and one more, and a good one, while it is being committed
    commit.open()
    await answer.answered()
    await stage.settled()
    expect_status("a trade, others being refused meanwhile", answer, 201)
    expect("the body of the answer to this trade", answer.json).equals({"id": row[0]})
    expect("the trades in the database after this one", desk.database.trades).contains(row)
    expect("the announcements of this trade and another good one", desk.announced_ids).has_items([row[0], other[0]])


@pytest.mark.points(15)
async def test_the_announcement_comes_last(stage: Stage, draw: Draw) -> None:
    """A trade is announced once, when the whole answer has left and the session is closed"""
    desk, row = await open_desk(stage), draw_trade(draw)
    answer = await desk.send(row).answered()
    await stage.settled()
    if answer.error is not None:
        raise answer.error
    expect("the announcements of a trade", desk.announced_ids).equals([row[0]])
    announcement = desk.announcements[0]
    expect("the announcement", announcement.whole_answer_has_left).is_true(
        "after the whole answer", "before the whole answer had left"
    )
    expect("how many sessions were open when the announcement began", announcement.open_sessions).equals(0)


@pytest.mark.points(15)
async def test_no_session_stays_open(stage: Stage, draw: Draw) -> None:
    """Every session is closed at the end, whatever has become of the request"""
    desk = await open_desk(stage)
    database = desk.database

    async def expect_closed_after(fate: str, *quantities: int) -> Exchange:
        """Send trades of these quantities at the same time; return the last answer."""
        database.commit.parked = True
        answers = [desk.send(draw_trade(draw, quantity=quantity)) for quantity in quantities]
        await stage.settled()
        database.commit.open()
        for answer in answers:
            await answer.finished()
        await stage.settled()
        expect(f"how many sessions stay open after {fate}", len(database.open)).equals(0)
        return answers[-1]

    await expect_closed_after("two trades at the same time", 1, 1)
    expect("the sessions for two trades", bool(database.opened)).is_true("opened from the database", "none was opened")
    await expect_closed_after("a trade over the limit", LIMIT + 1)
    database.is_down = True
    await expect_closed_after("a trade whose commit failed", 1)
    database.is_down = False
    invalid = await expect_closed_after("a trade that is not valid", 0)
    expect_status("a trade that is not valid", invalid, 422)
    database.breaks = True
    broken = await expect_closed_after("a trade for which session.add() raised a RuntimeError", 1)
    status = broken.status if broken.started or broken.error is None else 500  # what a server says to an exception
    expect("the status of a trade for which session.add() raised a RuntimeError", status).equals(500)
