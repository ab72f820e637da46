"""Values of a submission are spelled on one line."""

from proctor.wording import enumerate_words, spell


def test_values_are_spelled_on_one_line() -> None:
    assert spell("a\nb") == r"'a\nb'"
    assert spell(b"caf\xc3\xa9") == "bytes 'café'"
    assert enumerate_words([1, "a", None]) == "1, 'a' or None"
