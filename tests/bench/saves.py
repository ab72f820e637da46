"""How long a learner waits in the real `proctor watch`: from a saved file to its verdict on the screen.

``python -m tests.bench.saves SLUG SAVES`` opens a window of a terminal, saves so many times, in turn a right answer and
the first known mistake, each time with another comment, and prints one JSON object with the seconds of each.
"""

import json
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from tests.bench.measuring import ROOT
from tests.learner.window import Window

from proctor.catalog import load_course

__all__ = ["time_saves"]

RIGHT: Final = "Done: 100/100 points"
WRONG: Final = "Not yet: "


def time_saves(slug: str, saves: int) -> list[float]:
    """Return seconds from each save to its verdict. The first ones of either kind do not count."""
    taken: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for room in ("exercises", "solutions", "graders"):
            shutil.copytree(ROOT / room, root / room)
        exercise = load_course(root).exercise(slug)
        mine = exercise.folder / exercise.main_file
        mistake = exercise.mistake_variants()[0].files[exercise.main_file].read_text(encoding="utf-8")
        right = (exercise.solution / exercise.main_file).read_text(encoding="utf-8")
        with Window([sys.executable, "-m", "proctor", "watch", slug], root) as window:
            window.wait_for("Not started")
            for number in range(saves + 2):
                text, verdict = ((right, RIGHT), (mistake, WRONG))[number % 2]
                begin = time.perf_counter()
                mine.write_text(f"{text}\n# saved for the {number}. time\n", encoding="utf-8")
                window.wait_for(verdict)
                taken.append(time.perf_counter() - begin)
    return taken[2:]


if __name__ == "__main__":
    print(json.dumps({"seconds": time_saves(sys.argv[1], int(sys.argv[2]))}))
