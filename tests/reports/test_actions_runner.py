"""The reader of logs that other tests use, on lines of which it is known what the runner does."""

import pytest
from tests.reports.actions_runner import commands_in


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("::error::x", ["error"]),
        ("   ::error::x", ["error"]),
        ("\t::error::x", ["error"]),
        ("| ::error::x", []),
        ("x ::error::x", []),
        ("##[error]x", ["error"]),
        ("| foo ##[error]x", ["error"]),
        ("::unknown:: ##[error]x", ["error"]),
        ("## ##[error]x", ["error"]),
        ("##[errors]x", []),
        ("##[ error]x", []),
        ("## [error]x", []),
        ("text\r::warning::x", ["warning"]),
        ("::set-output name=a::b", ["set-output"]),
        ("::ERROR::x", ["error"]),
    ],
)
def test_the_reader_obeys_what_the_runner_obeys(line: str, names: list[str]) -> None:
    assert [command.name for command in commands_in(line)] == names


def test_escapes_are_undone_in_data_and_in_properties() -> None:
    (command,) = commands_in("::error file=a,line=1,title=ex01%3A 404%2C not 200::expected%0Agot (100%25)")
    assert command.properties == {"file": "a", "line": "1", "title": "ex01: 404, not 200"}
    assert command.data == "expected\ngot (100%)"
