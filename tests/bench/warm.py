"""How long an exercise takes whose lanes are there already, as in `watch`: from a saved file to its scorecard.

``python -m tests.bench.warm SLUG SAVES`` saves the reference so many times, each time with another comment, and prints
one JSON object with the seconds of each.
"""

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from proctor.catalog import load_course
from proctor.grade import Grader, Task
from proctor.isolation.protection import Isolation, choose
from proctor.lanes import Lanes
from proctor.submission import read_submission

ROOT: Final = Path(__file__).parents[2]


def time_saves(slug: str, saves: int) -> list[float]:
    """Return seconds from each save to its scorecard. The first save, which waits for the lanes, does not count."""
    exercise = load_course(ROOT).exercise(slug)
    taken: list[float] = []
    with tempfile.TemporaryDirectory() as folder, Lanes(choose(Isolation.AUTO)) as lanes:
        lanes.collect(ROOT, [slug])
        for name in exercise.manifest.files:
            (Path(folder) / name).write_bytes((exercise.solution / name).read_bytes())
        main = Path(folder) / exercise.main_file
        for number in range(saves + 1):
            with main.open("a", encoding="utf-8") as file:
                file.write(f"\n# saved for the {number}. time\n")
            begin = time.perf_counter()
            (card,) = Grader(lanes).grade_all([Task(slug, read_submission(exercise, Path(folder)))])
            taken.append(time.perf_counter() - begin)
            if not card.is_complete:
                raise RuntimeError(f"the reference got {card.score} points: what took so long is not what is compared")
    return taken[1:]


if __name__ == "__main__":
    print(json.dumps({"seconds": time_saves(sys.argv[1], int(sys.argv[2]))}))
