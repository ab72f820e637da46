"""A page read back with the standard library: its elements with their attributes and text, in the order of the page."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

__all__ = ["Element", "elements_of", "is_balanced"]

VOID: Final = frozenset({"meta", "input", "br", "link", "img", "base", "hr"})
APART: Final = frozenset({"td", "th", "p", "li", "pre", "dt", "dd", "h1", "h2", "h3"})
"""Elements whose text stands apart from what follows."""


@dataclass
class Element:
    """One element; ``text`` is everything in it, and ``inside`` the names of the elements that it is in."""

    name: str
    attributes: dict[str, str]
    inside: tuple[str, ...]
    text: str = ""

    @property
    def classes(self) -> list[str]:
        """The words of its class."""
        return self.attributes.get("class", "").split()


@dataclass
class _Reader(HTMLParser):
    elements: list[Element] = field(default_factory=list[Element])
    open: list[Element] = field(default_factory=list[Element])
    stray: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        inside = tuple(one.name for one in self.open)
        element = Element(tag, {name: value or "" for name, value in attrs}, inside)
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1].name == tag:
            self.open.pop()
            self.handle_data(" " if tag in APART else "")
        else:
            self.stray.append(tag)

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data


def elements_of(page: str) -> list[Element]:
    """Return every element of a page."""
    return _read(page).elements


def is_balanced(page: str) -> bool:
    """Tell whether every element is closed where it should be."""
    reader = _read(page)
    return not reader.stray and not reader.open


def _read(page: str) -> _Reader:
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader
