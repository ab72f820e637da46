"""Feeds our formats to the programs that read them, as far as these are at hand.

    python -m tests.consumers.run DIR [--python PYTHON]

DIR holds clones or bundles of theirs: ``OWNER+NAME`` or ``NAME``. Exits with 1 if one of them makes something else of
a file than it should, or if none could be run. What was not run is said, and proves nothing. Of clones the releases are
run that are named here, and of two the newest commit, too; plain files are run as they are.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.consumers.consumers import (
    EXAMPLES,
    Example,
    run_dorny,
    run_enrico,
    run_mikepenz,
    run_reporter,
)
from tests.consumers.programs import NotRunError

__all__ = ["main", "run_consumers"]

Consumer = Callable[[Path, Path, Example, str], list[str]]


def run_consumers(folder: Path, python: str) -> int:
    """Run every consumer on every example, print a line for each, and return the exit status."""
    consumers: dict[str, list[tuple[str, Consumer]]] = {
        "classroom-resources/autograding-grading-reporter": [("v1", run_reporter)],
        "dorny/test-reporter": [("v3.0.0", run_dorny), ("HEAD", run_dorny)],
        "mikepenz/action-junit-report": [("v6.4.2", run_mikepenz), ("HEAD", run_mikepenz)],
        "EnricoMi/publish-unit-test-result-action": [("v2.24.0", partial(run_enrico, python=python))],
    }
    wanted = [(f"{name}@{revision}", revision, run) for name, runs in consumers.items() for revision, run in runs]
    ran, wrong = 0, 0
    for name, revision, consumer in wanted:
        for example in EXAMPLES:
            with tempfile.TemporaryDirectory() as place:
                try:
                    differences = consumer(folder, Path(place), example, revision)
                except NotRunError as error:
                    print(f"NOT RUN  {name}: {error}")
                    break
            ran += 1
            wrong += bool(differences)
            print(f"{'WRONG' if differences else 'right'}    {name}, {example.name}")
            print("".join(f"         {difference}\n" for difference in differences), end="", flush=True)
    print(f"{ran} of {len(wanted) * len(EXAMPLES)} runs, {wrong} wrong")
    return 1 if wrong or not ran else 0


def main() -> int:
    """Run what lies in the folder that the command line names, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", metavar="DIR", type=Path)
    parser.add_argument("--python", default=sys.executable, help="an interpreter that has junitparser and lxml")
    given = parser.parse_args()
    return run_consumers(given.folder.resolve(), given.python)


if __name__ == "__main__":
    sys.exit(main())
