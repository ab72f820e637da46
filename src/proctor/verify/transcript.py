"""``graders/<slug>/transcript.txt``: what learners read, word for word, for the stub and for every known mistake.

It is recorded with seed 0, so that drawn values are always the same, and is never written by hand: a change of a check,
of a sentence or of a package shows in it as a diff that somebody reads before it is recorded anew.
"""

import re
from collections.abc import Mapping
from difflib import unified_diff
from pathlib import Path
from typing import Final

from proctor.catalog import Exercise
from proctor.scorecard import CheckResult, Scorecard, Visibility
from proctor.verify.known_answers import MISTAKE, STUB

__all__ = ["FILE", "SEED", "changes", "path_of", "record", "recorded_checks", "transcript"]

FILE: Final = "transcript.txt"
SEED: Final = 0

HEADING: Final = "What learners read, recorded by `proctor verify --record`. Not to be written by hand.\n"
DIFFERENT_EVERY_TIME: Final = (
    (re.compile(r"\b0x[0-9a-f]{6,}"), "0x…"),  # where an object lies
    (re.compile(r"\b[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\b"), "a UUID"),
)
CHECK: Final = re.compile(r"^\[(?P<id>\w+)\] ", re.MULTILINE)
LONGEST_DIFF: Final = 40


def transcript(cards: Mapping[str, Scorecard]) -> str:
    """Return what the authors of the stub and of every mistake read, by name of their answer."""
    names = [STUB, *sorted(name for name in cards if name.startswith(MISTAKE))]
    return HEADING + "".join(_section(name, cards[name]) for name in names if name in cards)


def path_of(exercise: Exercise) -> Path:
    """Return where the transcript of an exercise is."""
    return exercise.grader / FILE


def record(exercise: Exercise, cards: Mapping[str, Scorecard]) -> None:
    """Write the transcript anew."""
    path_of(exercise).write_text(transcript(cards), encoding="utf-8")


def changes(exercise: Exercise, cards: Mapping[str, Scorecard]) -> list[str] | None:
    """Return the lines of a diff from what is on record to what is read now; nothing where nothing is on record."""
    path = path_of(exercise)
    if not path.is_file():
        return None
    recorded = path.read_text(encoding="utf-8").splitlines()
    lines = list(unified_diff(recorded, transcript(cards).splitlines(), "on record", "now", lineterm="", n=2))
    more = len(lines) - LONGEST_DIFF
    return [*lines[:LONGEST_DIFF], *([f"… ({more} more lines)"] if more > 0 else [])]


def recorded_checks(exercise: Exercise) -> list[str] | None:
    """Return the ids of all checks as they are on record; nothing where nothing is."""
    path = path_of(exercise)
    if not path.is_file():
        return None
    _, _, stub = path.read_text(encoding="utf-8").partition(f"\n== {STUB}:")
    return [found["id"] for found in CHECK.finditer(stub.partition("\n== ")[0])]


def _section(name: str, card: Scorecard) -> str:
    told = "".join(f"\n[{check.id}] {check.title}: 0 of {check.points} points\n{_told(check)}" for check in card.failed)
    reason = f"\n{_steady(card.message)}\n" if card.message else ""
    return f"\n== {name}: {card.score} of {card.max_score} points\n{reason}{told}"


def _told(check: CheckResult) -> str:
    """What is said below the title; nothing where it stays hidden even after the exercise is due."""
    if check.visibility is Visibility.NEVER:
        return ""
    return "".join(f"  {line}".rstrip() + "\n" for line in _steady(check.message).splitlines())


def _steady(text: str) -> str:
    """Replace what is another at every run, whatever the seed."""
    for pattern, replacement in DIFFERENT_EVERY_TIME:
        text = pattern.sub(replacement, text)
    return text
