"""Text of a submission is harmless wherever it is shown."""

import pytest

from proctor.wording import clean, enumerate_words, spell


@pytest.mark.parametrize(
    "hostile",
    [
        "\x1b[31mred",
        "\x07bell",
        "a\rb",
        "\u202egnp.exe",
        "\ud800",
        "##[error]x",
        "line ##[group]",
        "::error::x",
        "  ::set-output::x",
        "a\n::x",
    ],
)
def test_nothing_of_a_command_is_left(hostile: str) -> None:
    cleaned = clean(hostile)
    cleaned.encode("utf-8")
    assert not any(mark in cleaned for mark in ("\x1b", "\x07", "\r", "\u202e", "##["))
    assert not any(line.strip().startswith("::") for line in cleaned.split("\n"))


def test_ordinary_text_stays_as_it_is() -> None:
    text = "a : b\n\tdict[str, int] # x :: y ü 日本"
    assert clean(text) == text


def test_long_text_says_how_much_is_left_out() -> None:
    assert clean("x" * 30, longest=10) == "x" * 10 + "… (20 more characters)"


def test_values_are_spelled_on_one_line() -> None:
    assert spell("a\nb") == r"'a\nb'"
    assert spell(b"caf\xc3\xa9") == "bytes 'café'"
    assert enumerate_words([1, "a", None]) == "1, 'a' or None"
