"""Makes classes: as many submissions of one exercise as wanted, right, wrong, hanging and broken ones.

A class is a folder with ``<number>-<kind>/<exercise>/main.py`` for every student. Which answers are drawn depends on
the size of the class alone. No two files are the same, so that nothing can be remembered by content.
"""

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from random import Random
from typing import Final

from tests.bench.measuring import ROOT

__all__ = ["SHARES", "Kind", "kinds_of", "make_class", "students_in"]

SEED: Final = 20


class Kind(StrEnum):
    """How a submission does."""

    RIGHT = "right"
    WRONG = "wrong"
    HANGING = "hanging"
    BROKEN = "broken"


SHARES: Final = {Kind.RIGHT: 55, Kind.WRONG: 35, Kind.HANGING: 4, Kind.BROKEN: 6}
"""Parts of a hundred."""

INTERFACE: Final = {"middleware-onion": "create_app", "override-switchboard": "overriding"}
"""A name that the checks ask each exercise for."""

HANDLER: Final = {"middleware-onion": "async def quote(", "override-switchboard": "def price("}
"""The beginning of a function in each reference that runs on the event loop when a request is handled."""


def kinds_of(size: int) -> dict[Kind, int]:
    """Return how many submissions of a class are of each kind: the shares, the largest remainders rounded up."""
    counts = {kind: size * share // 100 for kind, share in SHARES.items()}
    by_remainder = sorted(SHARES, key=lambda kind: size * SHARES[kind] % 100, reverse=True)
    for kind in by_remainder[: size - sum(counts.values())]:
        counts[kind] += 1
    return counts


def make_class(folder: Path, slug: str, size: int) -> Counter[str]:
    """Write a class of so many students into a folder; return how often each answer occurs."""
    draw = Random(SEED)  # noqa: S311 - the same class every time
    answers = {kind: _without_end(texts, draw) for kind, texts in _answers(slug).items()}
    kinds = [kind for kind, count in kinds_of(size).items() for _ in range(count)]
    draw.shuffle(kinds)
    drawn = Counter[str]()
    for number, kind in enumerate(kinds):
        name, text = next(answers[kind])
        drawn[f"{kind}: {name}"] += 1
        path = folder / f"{number:04}-{kind}" / slug / "main.py"
        path.parent.mkdir(parents=True)
        path.write_text(f"{text}\n# student {number} of {size}\n", encoding="utf-8")
    return drawn


def students_in(folder: Path, kinds: Iterable[str] = tuple(Kind)) -> list[Path]:
    """Return the folders of all students whose submissions are of these kinds."""
    return sorted(path for kind in set(kinds) for path in folder.glob(f"*-{kind}"))


def _without_end(texts: Mapping[str, str], draw: Random) -> Iterator[tuple[str, str]]:
    """All of them in a drawn order, again and again: the larger class has the same mixture."""
    return itertools.cycle(draw.sample(sorted(texts.items()), len(texts)))


def _answers(slug: str) -> dict[Kind, dict[str, str]]:
    reference = ROOT / "solutions" / slug / "main.py"
    accepted = sorted(reference.parent.glob("accepted/*.py"))
    stub = ROOT / "exercises" / slug / "main.py"
    mistakes = sorted((ROOT / "graders" / slug / "mistakes").glob("*.py"))
    text = reference.read_text(encoding="utf-8")
    return {
        Kind.RIGHT: {"the reference": text, **_read(accepted)},
        Kind.WRONG: {"the stub": stub.read_text(encoding="utf-8"), **_read(mistakes)},
        Kind.HANGING: {
            "sleeps for ever": _hang(text, HANDLER[slug], "while True: __import__('time').sleep(1)"),
            "loops for ever": _hang(text, HANDLER[slug], "while True: pass"),
        },
        Kind.BROKEN: {
            "is no Python": f"{text}\n\ndef unfinished(:\n",
            "imports what is not there": f"{text}\n\nfrom fastapi import Middlewares\n",
            "lacks a name": re.sub(rf"\b{INTERFACE[slug]}\b", "something_else", text),
        },
    }


def _read(paths: Iterable[Path]) -> dict[str, str]:
    return {path.stem: path.read_text(encoding="utf-8") for path in paths}


def _hang(text: str, handler: str, statement: str) -> str:
    """Return an answer with a statement at the beginning of a function."""
    hanging, count = re.subn(rf"^( *){re.escape(handler)}.*\n", rf"\g<0>\1    {statement}\n", text, flags=re.MULTILINE)
    if count != 1:
        raise RuntimeError(f"one function must begin with `{handler}`, and {count} do")
    return hanging
