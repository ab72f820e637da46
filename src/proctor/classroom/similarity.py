"""How alike the submissions of an exercise are, as a reason to look at two of them. It is no evidence of anything.

Theory of operation
-------------------
The library copydetect reads a source as a row of tokens in which every name is the same letter, and remembers every
piece of `NOISE` tokens. Renamed variables and moved functions leave most of those pieces as they are. What the stub and
the given files have in common with a submission is left out first. What remains is the student's own, and how much of
it another one has too is the share that a `SimilarPair` tells.

Two people who solve a short exercise well write much the same. So do two who followed the same page of the same
documentation, and two who worked together where that was allowed. Whoever rewrites what was copied is not found. So a
pair says: read both, then talk to people.

Sources are those of strangers, and what copydetect uses to read them (pygments) needs time that grows with the square
of a run of blank lines. Blank lines are taken away first, therefore, and of what is longer than `LONGEST` only the
beginning is looked at.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from io import StringIO
from itertools import combinations
from types import ModuleType
from typing import Any, Final

from proctor.catalog import Exercise
from proctor.errors import UsageError

__all__ = ["FEWEST_TOKENS", "LONGEST", "THRESHOLD", "SimilarPair", "similar_pairs"]

THRESHOLD: Final = 0.8
"""Share of one's own tokens that the other has, too. Different right answers of one author, to exercises that leave
little freedom, reach it now and then; a copy with other names stays above it."""

NOISE: Final = 25
"""Tokens of the shortest piece that counts; copydetect's own choice."""

FEWEST_TOKENS: Final = 100
"""Shared tokens of a pair. Fewer, about five lines, are easily the same by chance."""

LONGEST: Final = 32 << 10
"""Characters. The longest reference has under ten thousand."""


@dataclass(frozen=True)
class SimilarPair:
    """Two students whose submissions to an exercise are alike: a reason to look at both, no evidence of anything.

    ``share_of_first`` is how much (0 to 1) of what ``first`` wrote beyond the stub is found at ``second``, too;
    ``share_of_second`` the other way round. One is high and the other low where one of them has written more.
    ``shared_tokens`` is how much that is, on the side where it is less.
    """

    exercise: str
    first: str
    second: str
    share_of_first: float
    share_of_second: float
    shared_tokens: int


def similar_pairs(
    exercise: Exercise, submissions: Mapping[str, Mapping[str, bytes]], threshold: float = THRESHOLD
) -> list[SimilarPair]:
    """Return the pairs of students of whom one shares that much with the other, most alike first.

    ``submissions`` has the files of each student by name. Students who hand in together should come as one. Those who
    share less than `FEWEST_TOKENS` beyond the stub are no pair. Raises UsageError when copydetect is not installed.
    """
    library = _Library(exercise)
    texts = {student: library.text(files) for student, files in sorted(submissions.items())}
    own = {text: library.fingerprint(text) for text in dict.fromkeys(texts.values())}  # equal ones are read once
    shared = library.shared(own)
    pairs = (
        SimilarPair(
            exercise=exercise.slug,
            first=first,
            second=second,
            share_of_first=round(shared[a, b] / own[a].tokens, 4),
            share_of_second=round(shared[b, a] / own[b].tokens, 4),
            shared_tokens=min(shared[a, b], shared[b, a]),
        )
        for (first, a), (second, b) in combinations(texts.items(), 2)
        if own[a].tokens and own[b].tokens
    )
    return sorted(
        (
            pair
            for pair in pairs
            if max(pair.share_of_first, pair.share_of_second) >= threshold and pair.shared_tokens >= FEWEST_TOKENS
        ),
        key=lambda pair: (
            -max(pair.share_of_first, pair.share_of_second),
            -min(pair.share_of_first, pair.share_of_second),
            -pair.shared_tokens,
            pair.first,
            pair.second,
        ),
    )


@dataclass(frozen=True)
class _Fingerprint:
    """The pieces of one text that are the student's own: their numbers, where they begin, and the tokens in them.

    Both rows are arrays of numpy.
    """

    pieces: Any
    places: Any
    tokens: int


class _Library:
    """What copydetect does for the submissions of one exercise.

    Every piece is remembered (a window of one), because copydetect chooses by Python's ``hash``, which is another one
    in the next process: fewer would give other shares in every run. Its own comparison of two files takes half a
    millisecond, for what is one look into a table where pieces are numbered; its own removal of boilerplate takes
    pieces that occur twice in a submission for boilerplate, too.
    """

    def __init__(self, exercise: Exercise) -> None:
        self._files = exercise.manifest.files
        self._copydetect = _copydetect()
        self._numpy = import_module("numpy")  # copydetect needs it
        self._numbers: dict[int, int] = {}
        given = {name: content for name, content in exercise.given.items() if name.endswith(".py")}
        common = [self.text(exercise.stub_files), *(_squeezed([content]) for content in given.values())]
        self._common: set[int] = {piece for text in common for piece in self._places_of_pieces(text)}

    def text(self, files: Mapping[str, bytes]) -> str:
        """Return the declared files as one text: what is moved from one of them to another is found, too."""
        return _squeezed(files[name] for name in self._files if name in files)

    def fingerprint(self, text: str) -> _Fingerprint:
        """Return the fingerprint of what is not common to all."""
        places = {piece: places for piece, places in self._places_of_pieces(text).items() if piece not in self._common}
        numbers = [self._numbers.setdefault(piece, len(self._numbers)) for piece in places for _ in places[piece]]
        begins = self._numpy.array([place for one in places.values() for place in one], dtype=int)
        return _Fingerprint(self._numpy.array(numbers, dtype=int), begins, self._tokens(begins))

    def shared(self, own: Mapping[str, _Fingerprint]) -> dict[tuple[str, str], int]:
        """Return how many tokens of the first text are in the second, too, for every two texts and every one twice."""
        shared: dict[tuple[str, str], int] = {}
        is_in_second = self._numpy.zeros(len(self._numbers), dtype=bool)
        for second, other in own.items():
            is_in_second[other.pieces] = True
            for first, one in own.items():
                shared[first, second] = self._tokens(one.places[is_in_second[one.pieces]])
            is_in_second[other.pieces] = False
        return shared

    def _places_of_pieces(self, text: str) -> dict[int, list[int]]:
        fingerprint = self._copydetect.CodeFingerprint(
            "submission.py", NOISE, win_size=1, language="python", fp=StringIO(text)
        )
        return fingerprint.hash_idx

    def _tokens(self, places: Any) -> int:
        """Count the tokens of pieces that begin at these places and may overlap."""
        begins, ends = self._copydetect.utils.get_copied_slices(places, NOISE)
        return int((ends - begins).sum())


def _squeezed(contents: Iterable[bytes]) -> str:
    """Return the text of files without blank lines, cut where it is too long."""
    texts = (
        content[: LONGEST * 4].decode("utf-8", "replace") for content in contents
    )  # at most four bytes a character
    lines = (line.rstrip() for text in texts for line in text.splitlines())
    return "\n".join(line for line in lines if line)[:LONGEST]


def _copydetect() -> ModuleType:
    """Import the library, which loads half of matplotlib for pages that nobody asks for here."""
    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # it tells when it makes its cache of fonts
    try:
        return import_module("copydetect")
    except ModuleNotFoundError as error:
        raise UsageError(
            f'comparing submissions needs copydetect ({error}): `pip install "proctor[similarity]"` brings it'
        ) from None
