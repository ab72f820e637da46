"""Hostile text is harmless wherever it is shown: each target has a reader of its own that would fall for it."""

import csv
import io
import random
import re
import string
import unicodedata
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

import pyte
import pytest
from markdown_it import MarkdownIt

from proctor.hostile_text import decode, for_csv, for_html, for_markdown, neutral, one_line

TERMINAL = [
    "\x1b[2J\x1b[H",
    "\x1b[3A\x1b[2K100 of 100\x1b[8m",
    "\x1b]0;title\x07",
    "\x1b]52;c;cm0=\x07",
    "\x1b]8;;https://x.example\x1b\\link\x1b]8;;\x1b\\",
    "\x1b[6n\x1b[c\x1b[5n",
    "\x9b2J\x9d0;title\x9c",
    "\x1bc",
    "\x1b(0\x0e",
    "fail\rpass",
    "fail" + "\b" * 4 + "pass",
    "a\vb\fc\x84d\x85e",
    "bell\x07",
    "\x7f\x00",
]
COMMANDS = [
    "::set-output name=score::100",
    "  ::add-mask::x",
    "\t::error file=main.py::x",
    "\u3000\u00a0::stop-commands::x",
    "\ufeff::warning::x",
    "so far ##[set-output name=score]100",
    "###[group]",
    "##vso[task.setvariable variable=x]y",
    "##teamcity[testFinished name='x']",
    "a\r::warning::x",
    "a\u2028::warning::x\x85::warning::x",
    "\n\n::error::x",
    ":::error::x",
    "\x0b::error::x",
    "\u200b::error::x",
]
UNSEEN = [
    "\u202edessap\u202c",
    "\u2066\u2067\u2068\u2069\u200e\u200f\u061c",
    "p\u200ba\u200cs\u200ds\u2060ed\ufeff\u00ad",
    "".join(chr(0xE0000 + ord(letter)) for letter in "hidden"),
    "x\U000e0100\U000e01ef\ufe00",
    "\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u180e",
    "\ue000\U0010ffff\ufdd0\uffff",
    "\ud800 \udfff \udc80\ud83d",
    "e" + "\u0301\u0302\u0489\u20dd" * 50,
]
MARKUP = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' autofocus onfocus='alert(1)",
    "</p></td></tr></table></li><h1>x</h1>",
    "<!-- x",
    "&lt;b&gt; &#60;b&#62; &amp; &copy;",
    "]]> <![CDATA[ <?xml?> &undeclared;",
    "![x](https://x.example)",
    "[x](javascript:alert(1))",
    "[x]: https://x.example\n\n[x]",
    "<https://x.example>",
    "https://x.example/x www.x.example mailto:a@x.example a@x.example HTTP://x.example",
    "# x",
    "x\n===",
    "| a | b |\n|---|---|\n| c | d |",
    "```\nx\n```",
    "~~~\nx",
    "    indented",
    "\tindented",
    "- [x] a\n* b\n+ c\n1. d\n1) e",
    "> x",
    "---",
    "**x** __x__ *x* _x_ ~~x~~ `x` ``` x",
    "@octocat @org/team #1 GH-1 octocat/hello#1 :tada: :+1:",
    "\\",
    "\\| \\\\| |",
    "a  \nb\\\nc",
    "[^1]\n\n[^1]: x",
    "$$x$$ $`x`$",
    "[red]x[/red] [link=https://x.example]x[/link] [/]",
]
FORMULAS = [
    '=HYPERLINK("https://x.example","x")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(1,1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\u00a0=1+1",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20SUM(1)",
    '",=1+1,"',
    ";=1+1",
    '"\n=1+1',
]
LONG = ["x" * 100_000, "\n" * 100_000, "::" * 3000, "##[" * 3000, "\x1b" * 5000, "\u0301" * 9000, "\u202e\n" * 9000]
HOSTILE = ["", *TERMINAL, *COMMANDS, *UNSEEN, *MARKUP, *FORMULAS, *LONG]
ORDINARY = [
    "a : b\n\tdict[str, int] # x :: y ü 日本 e\u0301 ❤️",
    "Prix\u00a0: 10\u00a0€",
    "กี่ הַ नि",
    "expected: 'a'\n  seen:     'b'",
    "1.5 < 2 & 3 > 2",
]


def mixtures() -> list[str]:
    """Return hostile texts put together by chance, the same ones in every run."""
    chance = random.Random(20)  # noqa: S311 - no secret
    pieces = [piece for piece in HOSTILE if len(piece) < 300] + [
        " ",
        "\n",
        ":",
        "#",
        "##",
        "[",
        "x",
        "…",
        " more characters)",
    ]
    return ["".join(chance.choices(pieces, k=chance.randint(1, 12))) for _ in range(300)]


EVERY = [*HOSTILE, *ORDINARY, *mixtures()]


class Reader(HTMLParser):
    """Reads a page, and keeps its tags and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(f"{tag} {attrs}" if attrs else tag)

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.tags.append(f"comment {data}")

    def handle_decl(self, decl: str) -> None:
        self.tags.append(f"declaration {decl}")

    def unknown_decl(self, data: str) -> None:
        self.tags.append(f"declaration {data}")

    def handle_pi(self, data: str) -> None:
        self.tags.append(f"instruction {data}")


class Terminal(pyte.Screen):
    """A terminal that remembers what it was asked."""

    def __init__(self, lines: int) -> None:
        self.answers: list[str] = []
        super().__init__(200, lines)

    def write_process_input(self, data: str) -> None:
        self.answers.append(data)


def is_command(line: str) -> bool:
    """Tell whether GitHub's runner obeys a line, after ActionCommand.TryParseV2 and TryParse."""
    return line.lstrip().startswith("::") or "##[" in line


# What comes before every target


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert neutral(text) == text


def test_every_character_there_is_is_shown_or_spelled() -> None:
    for start in range(0, 0x110000, 1000):
        shown = neutral("".join(map(chr, range(start, min(start + 1000, 0x110000)))), 20_000)
        shown.encode("utf-8")
        assert {sign for sign in shown if unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}} <= {
            "\n",
            "\t",
        }
        assert ET.fromstring(f"<x>{shown.replace('&', '').replace('<', '')}</x>") is not None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J", "\\x1b[2J"),
        ("\u202e", "\\u202e"),
        ("\U000e0041", "\\U000e0041"),
        ("\ud800", "\\ud800"),
        ("x ##[error]", "x ##\\x5berror]"),
        ("##vso[x]", "##vso\\x5bx]"),
        (" ::error::x ::y", " :\\x3aerror::x ::y"),
        ("a\n\u0301\u0301b", "a\n\\u0301\\u0301b"),
        ("e" + "\u0301" * 9 + "f", "e" + "\u0301" * 4 + "f"),
    ],
)
def test_what_is_spelled_says_what_it_was(text: str, shown: str) -> None:
    assert neutral(text) == shown


@pytest.mark.parametrize("make", [neutral, one_line])
@pytest.mark.parametrize("longest", [4000, 50, 3])
def test_the_second_time_changes_nothing(make: Callable[[str, int], str], longest: int) -> None:
    for text in EVERY:
        once = make(text, longest)
        assert make(once, longest) == once


def test_long_text_is_cut_and_says_so() -> None:
    assert neutral("x" * 30, 10) == "x" * 10 + "… (20 more characters)"
    assert neutral("x" * 3000) == "x" * 2000 + "… (1000 more characters)"
    assert neutral("x\n" * 2000) == "x\n" * 500 + "… (1501 more lines)"
    assert max(len(neutral(text)) for text in EVERY) < 4000 + 40


def test_one_line_has_no_breaks() -> None:
    assert [text for text in EVERY if len(one_line(text).splitlines()) > 1] == []
    assert one_line(" a\n\n\tb ") == "a b"


def test_bytes_are_read_as_text_and_cut_between_characters() -> None:
    assert decode("aé".encode(), 10) == "aé"
    assert decode(b"\xff\x00", 10) == "\\xff\x00"
    assert decode("aéb".encode(), 2) == "a… (3 more bytes)"
    assert decode("aéb".encode(), 3) == "aé… (1 more bytes)"
    assert decode(b"\x80" * 20, 10) == "\\x80" * 10 + "… (10 more bytes)"
    assert decode(b"ab", 0) == "… (2 more bytes)"


# Each target, with a reader of its own


@pytest.mark.parametrize("text", EVERY)
def test_a_terminal_shows_the_text_and_does_nothing_else(text: str) -> None:
    shown = neutral(text)
    screen = Terminal(shown.count("\n") + len(shown) // 100 + 10)
    stream = pyte.Stream(screen)
    stream.feed("before\r\n")
    title, modes, attributes = screen.title, set(screen.mode), screen.cursor.attrs
    for sign in shown.replace("\n", "\r\n"):
        stream.feed(sign)
    stream.feed("\r\nafter")
    lines = [line.rstrip() for line in screen.display if line.strip()]
    assert (lines[0], lines[-1]) == ("before", "after")
    assert (screen.title, set(screen.mode), screen.cursor.attrs, screen.answers) == (title, modes, attributes, [])
    assert letters("".join(lines[1:-1])) == letters(shown)


def letters(text: str) -> str:
    """Return what stands alone in a text: no gaps, and no marks, of which a simple terminal knows but a few."""
    composed = unicodedata.normalize("NFD", text)
    return "".join(sign for sign in composed if not sign.isspace() and not unicodedata.category(sign).startswith("M"))


@pytest.mark.parametrize("text", COMMANDS)
def test_the_sample_commands_are_some(text: str) -> None:
    pieces = re.split(r"[\r\n\v\x85\u2028]", text.lstrip("\ufeff\u200b"))
    assert any(map(is_command, pieces)) or "##vso[" in text or "##teamcity[" in text


@pytest.mark.parametrize("make", [neutral, one_line, for_html, for_csv, for_markdown])
def test_a_build_server_is_given_no_command(make: Callable[[str], str]) -> None:
    for text in EVERY:
        assert [line for line in make(text).splitlines() if is_command(line)] == []
        assert not any(mark in make(text) for mark in ("##vso[", "##teamcity["))


@pytest.mark.parametrize("text", EVERY)
def test_xml_holds_the_text(text: str) -> None:
    element = ET.Element("failure", {"message": one_line(text)})
    element.text = neutral(text)
    read = ET.fromstring(ET.tostring(element, encoding="utf-8"))
    assert (read.get("message"), read.text or "") == (one_line(text), neutral(text))


@pytest.mark.parametrize("text", EVERY)
def test_a_page_holds_nothing_but_the_text(text: str) -> None:
    page = Reader(f"<pre>{for_html(text)}</pre>")
    assert (page.tags, page.text) == (["pre"], neutral(text))
    assert len(Reader(f"<a title=\"{for_html(text)}\"><b title='{for_html(text)}'>").tags) == 2


def rendered(markdown: str) -> Reader:
    """Read a page that was made of Markdown with everything on that a service may have on."""
    parser: Any = MarkdownIt("commonmark", {"html": True, "linkify": True, "typographer": True})
    return Reader(parser.enable(["table", "strikethrough", "linkify", "replacements", "smartquotes"]).render(markdown))


PLACES = {
    "{}": ["p"],
    "Text: {} and *more*.": ["p", "em"],
    "- {}\n- b\n": ["ul", "li", "li"],
    "> {}\n": ["blockquote", "p"],
    "| a | b |\n|---|---|\n| {} | c |\n| d | e |\n": [
        "table",
        "thead",
        "tr",
        "th",
        "th",
        "tbody",
        *["tr", "td", "td"] * 2,
    ],
}


@pytest.mark.parametrize("place", PLACES)
def test_markdown_holds_nothing_but_the_text(place: str) -> None:
    for text in EVERY:
        shown = one_line(text)
        if not shown:
            continue  # an empty paragraph is none
        page, plain = rendered(place.format(for_markdown(text))), rendered(place.format("sample"))
        assert page.tags == plain.tags == PLACES[place]
        assert folded(page.text) == folded(plain.text.replace("sample", shown))


def folded(text: str) -> str:
    """Return text without the invisible breaks, and without what a typographer makes of signs."""
    for made, of in {"“": '"', "”": '"', "‘": "'", "’": "'", "\u200b": ""}.items():  # noqa: RUF001 - quotation marks
        text = text.replace(made, of)
    return re.sub(r"\s+", " ", text).strip()


def test_the_samples_are_more_than_text_to_a_reader_of_markdown() -> None:
    """Otherwise the test above would prove nothing."""
    assert {tag.split()[0] for text in MARKUP for tag in rendered(text).tags} >= {
        *(
            "script",
            "img",
            "a",
            "h1",
            "table",
            "pre",
            "code",
            "ul",
            "ol",
            "blockquote",
            "hr",
            "strong",
            "em",
            "s",
            "br",
        ),
    }


def test_nothing_in_markdown_refers_to_a_person_an_issue_or_a_place() -> None:
    reference = re.compile(r"@\w|#\d|GH-\d|:[\w+-]+:|https?://|www\.|mailto:\w", re.IGNORECASE)
    for text in EVERY:
        assert reference.findall(rendered(for_markdown(text)).text) == []


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_holds_one_cell_and_no_formula(delimiter: str) -> None:
    for text in EVERY:
        file = io.StringIO()
        csv.writer(file, quoting=csv.QUOTE_ALL, delimiter=delimiter).writerow(["a", for_csv(text), "b"])
        assert len(file.getvalue().splitlines()) == 1
        ((before, cell, after),) = csv.reader([file.getvalue()], delimiter=delimiter)
        assert (before, after) == ("a", "b")
        assert unicodedata.normalize("NFKC", cell).strip()[:1] not in set("=+-@\t\r")
        assert cell.removeprefix("'") == one_line(text).removeprefix("'")


@pytest.mark.parametrize("make", [neutral, one_line, for_html, for_csv, for_markdown])
def test_whatever_text_comes_is_taken(make: Callable[[str, int], str]) -> None:
    chance = random.Random(21)  # noqa: S311 - no secret
    for _ in range(300):
        text = "".join(chr(chance.choice([chance.randrange(0x110000), chance.randrange(0x300)])) for _ in range(60))
        for longest in (0, 1, 30, 4000):
            make(text, longest).encode("utf-8")
    assert make(string.ascii_letters, 4000) == string.ascii_letters
