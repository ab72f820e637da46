"""The job `fetch`: from the roster to everything that was handed in, as one file, and the list of what it was.

It reads what students wrote and runs nothing of it. It alone holds the token that may read their repositories.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import urlsplit

from proctor.actions.class_plan import read_plan
from proctor.actions.git_access import git_access
from proctor.actions.github import GitHub
from proctor.actions.pins import Pin, pin_repositories, write_pins
from proctor.catalog import find_root, load_course
from proctor.classroom.hand_in import HandIn
from proctor.classroom.roster import read_roster
from proctor.classroom.sources import SourceKind, hand_ins
from proctor.classroom.sources.packed import write_packed
from proctor.errors import UsageError
from proctor.gradebook.student import Student
from proctor.terminal import Terminal

__all__ = ["PINS", "SUBMISSIONS", "FetchWish", "fetch_class"]

SUBMISSIONS: Final = "submissions.jsonl"
PINS: Final = "repositories.csv"


@dataclass(frozen=True)
class FetchWish:
    """What is asked for. ``pattern`` names the repository of each student; ``out`` is a folder."""

    plan: Path
    roster: Path
    pattern: str
    server: str
    out: Path
    api: str = ""
    token: str = ""


def fetch_class(wish: FetchWish) -> int:
    """Write what everybody has handed in, and where it was. Return 0: who cannot be fetched is told to the gradebook.

    Without a token nobody is asked when commits were pushed, and no work is late. Raises UsageError where roster, plan
    or pattern are wrong, or the token would go to somebody else, and OurFault where GitHub does not answer.
    """
    _insist_on_one_server(wish)
    plan = read_plan(wish.plan)
    students = read_roster(wish.roster)
    if sorted(one.id for one in students) != list(plan.students):
        raise UsageError(f"the roster `{wish.roster}` is not that of the plan `{wish.plan}`: plan again")
    exercises = load_course(find_root(Path.cwd())).select(plan.exercises)
    wish.out.mkdir(parents=True, exist_ok=True)
    with git_access(wish.server, wish.token), TemporaryDirectory() as work:
        pins = _pins(students, wish)
        write_pins(wish.out / PINS, pins, wish.server)
        found = hand_ins(wish.out / PINS, students, exercises, Path(work), SourceKind.REPOSITORIES)
        everything = [*found.hand_ins, *(_hopeless(one) for one in pins if one.problem)]
        everything.sort(key=lambda one: one.student)
        write_packed(wish.out / SUBMISSIONS, everything, exercises)
    _show(Terminal(), len(students), everything)
    return 0


def _insist_on_one_server(wish: FetchWish) -> None:
    """Raise UsageError where the token for a server would be shown to another one, which is asked for times."""
    server, interface = urlsplit(wish.server), urlsplit(wish.api)
    is_on_the_web = server.scheme in {"http", "https"}  # a folder has no token
    if wish.token and is_on_the_web and interface.hostname not in {server.hostname, f"api.{server.hostname}"}:
        raise UsageError(
            f"PROCTOR_TOKEN is for `{wish.server}`, and would be sent to `{wish.api}`, too: name the REST interface of "
            "your GitHub server with `--api` or, if it is no GitHub, leave the token to the settings of git"
        )


def _pins(students: list[Student], wish: FetchWish) -> list[Pin]:
    if not wish.token:
        return pin_repositories(students, wish.pattern, wish.server, _never_told)
    with GitHub(wish.api, wish.token) as github:
        return pin_repositories(students, wish.pattern, wish.server, github.pushed_at)


def _never_told(_repository: str, _commit: str) -> datetime | None:
    return None


def _hopeless(pin: Pin) -> HandIn:
    """Say of a repository that there is nothing to be graded in it."""
    nowhere = Path("nothing-was-fetched")
    return HandIn(pin.student, nowhere, problem=pin.problem, origin=pin.repository, is_undecided=pin.is_undecided)


def _show(terminal: Terminal, students: int, everything: list[HandIn]) -> None:
    """Say how many, and not who: logs are read by more people than gradebooks."""
    counts = Counter(_outcome(one) for one in everything)
    counts["without a repository"] = students - len(everything)
    terminal.line(", ".join(f"{count} {what}" for what, count in sorted(counts.items()) if count))


def _outcome(hand_in: HandIn) -> str:
    return "undecided" if hand_in.is_undecided else "unreadable" if hand_in.problem else "fetched"
