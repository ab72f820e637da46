"""The summary of a step: rendered as GitHub does, it is text in tables; and it always has room."""

from collections import Counter
from html.parser import HTMLParser
from typing import Any, Final

import pytest
from markdown_it import MarkdownIt
from tests.reports.actions_runner import commands_in
from tests.reports.examples import FAULTY, HOSTILE, RUNNING, UNREADABLE, card, check, hostile_report, report

from proctor.reports.reader import Reader
from proctor.reports.step_summary import ROOM, to_step_summary

PARSER: Final[Any] = MarkdownIt("commonmark", {"html": True, "linkify": True}).enable(
    ["table", "strikethrough", "linkify"]
)
OURS: Final = {"h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td"}


class Page(HTMLParser):
    """What Markdown becomes: which elements there are, and the cells of tables."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.rows: list[list[str]] = []
        self.text = ""
        self._in_cell = False
        self.feed(PARSER.render(markdown))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        assert [name for name, _ in attrs] in ([], ["style"]), attrs
        self._in_cell = tag in {"td", "th"}
        if tag == "tr":
            self.rows.append([])
        if self._in_cell:
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        self._in_cell = self._in_cell and tag not in {"td", "th"}

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._in_cell:
            self.rows[-1][-1] += data


def read(markdown: str) -> Page:
    assert commands_in(markdown) == []
    page = Page(markdown)
    assert set(page.tags) <= OURS
    assert all(len(row) == 3 for row in page.rows)
    return page


def cells(page: Page) -> list[list[str]]:
    return [[cell.strip() for cell in row] for row in page.rows]


def test_the_running_example_is_a_table_for_students() -> None:
    page = read(to_step_summary(RUNNING))
    assert "ex01-items: 3 of 5 public points" in page.text
    assert cells(page) == [
        ["check", "result", "points"],
        ["It lists_items", "passed", "3 / 3"],
        ["It missing_item_is_404", "failed: GET /items/99: expected status 404, got 200", "0 / 2"],
        ["hidden checks (1)", "graded by your teacher", ""],
    ]


def test_a_teacher_reads_all_of_it() -> None:
    page = read(to_step_summary(RUNNING, Reader.TEACHER))
    assert "5 of 10 points" in page.text
    assert cells(page)[3] == ["It creates_item", "failed: 2 of 5 points: the Location header is missing", "2 / 5"]


def test_what_was_not_decided_says_so() -> None:
    page = read(to_step_summary(FAULTY))
    assert cells(page)[2][1].startswith("not decided: This could not be decided. It is our fault")
    assert cells(page)[2][2] == "? / 2"


def test_a_submission_that_cannot_be_loaded_says_why() -> None:
    assert "main.py cannot be loaded" in read(to_step_summary(UNREADABLE)).text


def test_several_exercises_have_a_total_above_them() -> None:
    markdown = to_step_summary(report(card(check("one", 5, 5)), card(check("one", 5, 0), exercise="ex02")))
    assert markdown.startswith("## 5 of 10 points\n")
    assert read(markdown).tags["h3"] == 2


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_text_in_its_cell(text: str) -> None:
    page = read(to_step_summary(hostile_report([text])))
    assert [row[2].strip() for row in page.rows] == ["points", "0 / 4", "1 / 1"]


def test_all_hostile_texts_together_are_one_table() -> None:
    markdown = to_step_summary(hostile_report())
    assert len(markdown.encode()) <= ROOM
    assert len(read(markdown).rows) == 2 * len(HOSTILE) + 1


LARGE: Final = report(
    *(
        card(
            *(check(f"check_{n}", 1, n % 2, "why " * 200) for n in range(20)),
            exercise=f"ex{number:03}",
        )
        for number in range(20)
    )
)


def size(room: int) -> tuple[str, int]:
    markdown = to_step_summary(LARGE, room=room)
    return markdown, len(markdown.encode())


def test_detail_is_shed_before_points_are() -> None:
    markdown, whole = size(ROOM)
    assert "| passed |" in markdown
    markdown, without_passed = size(whole - 1)
    assert "| 10 more checks | passed | |" in markdown
    assert "why why" in markdown
    markdown, short = size(without_passed - 1)
    assert "why why" in markdown
    markdown, without_messages = size(short - 1)
    assert "why why" not in markdown
    assert "| It check&#95;0 | failed | 0 / 1 |" in markdown
    markdown, without_checks = size(without_messages - 1)
    assert "| 20 more checks | not shown | |" in markdown
    assert markdown.count("### ") == 20
    markdown, _ = size(without_checks - 1)
    assert markdown.startswith("## 200 of 400 points\n")
    assert "more exercises are not shown" in markdown


@pytest.mark.parametrize("room", [-5, 0, 10, 200, 1000, 5000, 40_000])
def test_a_summary_never_takes_more_than_its_room(room: int) -> None:
    markdown, taken = size(room)
    assert taken <= max(room, 0)
    read(markdown)
