"""A CSV file as teachers have them: from a spreadsheet, a learning management system, an editor.

The separator (comma, semicolon or tab) is the one that gives the first line the most columns. Columns are known by
their normalised headings: `SIS Login ID` is ``sis_login_id``. Whatever is wrong with a file is gathered by `Faults`,
and told all at once with its line and column.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from proctor.errors import UsageError
from proctor.hostile_text import one_line

__all__ = ["Faults", "Row", "Table", "normalised", "read_table", "shown"]

LONGEST_FILE: Final = 8 << 20
"""Bytes. A class of ten thousand has about one million."""

SEPARATORS: Final = ",;\t"
AS_UTF_8: Final = "Save it as UTF-8 (in Excel: `CSV UTF-8`)."


@dataclass(frozen=True)
class Row:
    """One line: cells by normalised heading, without the spaces around them. ``line`` is where it begins."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True)
class Table:
    """A file. ``headings`` are as they were written, in their order; ``rows`` lacks those without any text."""

    headings: Mapping[str, str]
    rows: tuple[Row, ...]


class Faults:
    """What is wrong with a file, gathered to be told at once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._found: list[tuple[int, str]] = []

    def add(self, line: int, column: str, what: str) -> None:
        """Take note of a fault; ``column`` may be empty where it is of the whole line."""
        where = f"line {line}, column `{one_line(column, 60)}`" if column else f"line {line}"
        self._found.append((line, f"{where}: {what}"))

    def tell(self) -> None:
        """Raise UsageError with all of them, in the order of the file, if there are any."""
        if self._found:
            faults = "".join(f"\n  {fault}" for _, fault in sorted(self._found, key=lambda found: found[0]))
            raise UsageError(f"`{self._path}` is not as it should be:{faults}")


def shown(cell: str) -> str:
    """Return a cell as a message quotes it."""
    return f"`{one_line(cell, 60)}`"


def normalised(heading: str) -> str:
    """Return the name of a column: lower case, with an underscore for whatever is neither letter nor digit."""
    return re.sub(r"\W+", "_", heading.strip().casefold()).strip("_")


def read_table(path: Path, faults: Faults) -> Table:
    """Read a CSV file with a line of headings.

    Raises UsageError when it cannot be read at all; what is wrong with single lines goes to ``faults``.
    """
    records = list(_records(_text(path), faults))
    if not records:
        faults.tell()
        raise UsageError(f"`{path}` is empty. It should begin with a line of headings.")
    (first, headings), *others = records
    columns = [normalised(heading) for heading in headings]
    for number, column in enumerate(columns):
        if column and column in columns[:number]:
            faults.add(first, headings[number], "there are two columns of this name")
    rows: list[Row] = []
    for line, cells in others:
        if any(cell.strip() for cell in cells[len(columns) :]):
            faults.add(line, "", f"has more cells than there are headings ({len(columns)}): is a separator in a cell?")
        named = zip(columns, cells, strict=False)
        rows.append(Row(line, {column: cell.strip(" ") for column, cell in named if column}))
    return Table(dict(zip(columns, headings, strict=True)), tuple(rows))


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(LONGEST_FILE + 1)
    except OSError as error:
        raise UsageError(f"`{path}` cannot be read: {error.strerror}") from error
    if len(data) > LONGEST_FILE:
        raise UsageError(f"`{path}` has more than {LONGEST_FILE:,} bytes, so it is not what it should be")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UsageError(f"`{path}`, line {line}: this is not UTF-8. {AS_UTF_8}") from None


def _records(text: str, faults: Faults) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines with any text, each with its number."""
    separator = max(SEPARATORS, key=lambda one: len(_first_record(text, one)))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:  # nobody knows where the next line begins
        faults.add(line, "", f"cannot be read as CSV from here on: {error}")


def _first_record(text: str, separator: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except (StopIteration, csv.Error):
        return []
