"""The job `publish`: from the gradebook to a check run at the commit of every student.

It alone may write where students read, and nothing that students have written is run in it.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from proctor.actions.feedback import check_run_of
from proctor.actions.github import GitHub
from proctor.actions.pins import read_pins
from proctor.errors import OurFault
from proctor.gradebook.desk import open_desk
from proctor.reports.reader import Reader
from proctor.terminal import Terminal

__all__ = ["PublishWish", "publish_class"]


@dataclass(frozen=True)
class PublishWish:
    """What is asked for. ``pins`` is the list that `fetch` has written; without ``token`` files are written only."""

    gradebook: Path
    pins: Path
    server: str
    out: Path
    reader: Reader = Reader.STUDENT
    class_file: Path | None = None
    api: str = ""
    token: str = ""


def publish_class(wish: PublishWish) -> int:
    """Write the check run of every student to a file and, with a token, to GitHub. Return 0, or 3 if some are lost.

    Who has no commit gets none. Raises UsageError where a file is not what it should be.
    """
    pins = read_pins(wish.pins, wish.server)
    with open_desk(wish.gradebook, wish.class_file) as desk:
        report = desk.report()
    wish.out.mkdir(parents=True, exist_ok=True)
    runs = {
        one.student.id: check_run_of(report, one, pins[one.student.id].commit, wish.reader)
        for one in report.students
        if one.student.id in pins
    }
    for student, run in runs.items():
        (wish.out / f"{student}.json").write_text(json.dumps(run, indent=2) + "\n", encoding="utf-8")
    terminal = Terminal()
    terminal.line(f"{len(runs)} of {len(report.students)} students have a commit; feedback: {wish.out}")
    if not wish.token:
        return 0
    lost = 0
    with GitHub(wish.api, wish.token) as github:
        for student, run in runs.items():
            try:
                github.add_check_run(pins[student].repository, run)
            except OurFault as error:  # one repository that is gone should not cost the others their feedback
                lost += 1
                terminal.line(f"not published: {error}", "yellow")
    terminal.line(f"{len(runs) - lost} check runs are published")
    return OurFault.exit_code if lost else 0
