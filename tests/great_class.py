"""Grades a generated class in every way there is, and compares the gradebooks.

    python -m tests.great_class --size 200 --exercise middleware-onion --exercise cors-desk

Shows what came of whom, seconds and memory; grades on a Dask cluster of two workers, and in seven shards that merge
in another order; kills the run at random moments and goes on. Exits with 1 if an attack gains a point, a right answer
loses one, or two gradebooks differ in anything but times.
"""

import argparse
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.dask_cluster import dask_cluster
from tests.generated_class import GeneratedClass, Kind, make_class

from proctor.catalog import load_course
from proctor.gradebook.gradebook import Gradebook
from proctor.gradebook.recorded import RecordedAttempt

__all__ = ["main"]

ROOT: Final = Path(__file__).parents[1]
SEED: Final = 20
SHARDS: Final = 7
MEBIBYTE: Final = 1 << 20


class Trial:
    """A class, and the ways in which it is graded; ``troubles`` counts what should not be."""

    def __init__(self, folder: Path, generated: GeneratedClass, slugs: Sequence[str]) -> None:
        self._folder, self._class, self._slugs = folder, generated, slugs
        self.troubles = 0

    def command(self, gradebook: str, *options: str) -> list[str]:
        """Return the command that grades into a gradebook."""
        chosen = [word for slug in self._slugs for word in ("--exercise", slug)]
        paths = [str(self._class.submissions), "--roster", str(self._class.roster)]
        where = ["--gradebook", str(self._folder / gradebook), "--seed", str(SEED)]
        return [sys.executable, "-P", "-m", "proctor", "classroom", *paths, *chosen, *where, *options]

    def run(self, gradebook: str, *options: str) -> float:
        """Grade; return the seconds that it took."""
        began = time.monotonic()
        ended = subprocess.run(self.command(gradebook, *options), cwd=ROOT, check=False, capture_output=True, text=True)
        if ended.returncode != 1:  # a class like this one always loses points
            self.trouble(f"exit code {ended.returncode}: {ended.stdout}{ended.stderr}")
        return time.monotonic() - began

    def trouble(self, what: str) -> None:
        """Take note of something that should not be."""
        self.troubles += 1
        print(f"TROUBLE: {what}", flush=True)

    def dump(self, gradebook: str) -> list[str]:
        """Return what is in a gradebook, without times."""
        with Gradebook.open(self._folder / gradebook) as one:
            return list(one.dump(times=False))

    def compare(self, way: str, whole: list[str], other: list[str]) -> None:
        """Print whether two gradebooks are the same, and the first lines that only one of them has."""
        odd = sorted({*whole}.symmetric_difference(other))
        print(f"{way}: {'the same gradebook' if whole == other else 'ANOTHER gradebook'}", flush=True)
        for line in odd[:6]:
            self.trouble(f"only {'the first' if line in whole else 'this one'} has {line[:1500]}")

    def show_outcomes(self, gradebook: str) -> None:
        """Print what came of whom, and look for points that should not be."""
        with Gradebook.open(self._folder / gradebook) as one:
            receipts, attempts = one.receipts(), one.attempts()
        table = Counter((self._class.kinds[each.student].value, each.status.value) for each in receipts)
        for (kind, status), count in sorted(table.items()):
            print(f"  {kind:<8} {status:<11} {count:>6}")
        if len(receipts) != len(self._class.kinds) * len(self._slugs):
            self.trouble(f"{len(receipts)} rows for {len(self._class.kinds)} students")
        for attempt in attempts:
            self._judge(attempt)

    def _judge(self, attempt: RecordedAttempt) -> None:
        card = attempt.scorecard
        answer = self._class.answers[attempt.student, card.exercise]
        is_right = answer == "reference" or answer.startswith("accepted/")
        is_honest = self._class.kinds[attempt.student] is Kind.HONEST
        should = 100 if is_right else None if is_honest and answer != "stub" else 0
        if should not in {None, card.score} or (should is None and card.score == card.max_score):
            self.trouble(f"{attempt.student} has {card.score} points in {card.exercise} for {answer}")

    def kill(self, times: int, seconds: float) -> list[str]:
        """Grade, killed at random moments; return what is in the gradebook in the end."""
        dice = random.Random(SEED)  # noqa: S311 - moments, not secrets
        for _ in range(times):
            process = subprocess.Popen(self.command("killed"), cwd=ROOT, stdout=subprocess.DEVNULL)
            try:
                process.wait(dice.uniform(0.5, max(seconds / times * 3, 3)))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
            with Gradebook.open(self._folder / "killed") as one:
                print(f"  killed: {len(one.receipts())} rows", flush=True)
        self.run("killed")
        return self.dump("killed")

    def cluster(self) -> list[str]:
        """Grade on two worker processes of a Dask cluster; return what is in the gradebook."""
        with dask_cluster(self._folder) as address:
            self.run("cluster", "--engine", "dask", "--scheduler", address)
        return self.dump("cluster")

    def shards(self) -> list[str]:
        """Grade seven shards, merge them backwards; return what is in the gradebook."""
        results: list[str] = []
        for number in range(SHARDS, 0, -1):
            results.append(str(self._folder / f"shard-{number}.jsonl"))
            self.run(f"shard-{number}", "--shard", f"{number}/{SHARDS}", "--results", results[-1])
        merge = [sys.executable, "-P", "-m", "proctor", "gradebook", "merge", *results]
        where = ["--gradebook", str(self._folder / "merged"), "--roster", str(self._class.roster)]
        subprocess.run([*merge, *where], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        return self.dump("merged")


def endure(slugs: Sequence[str], size: int, kills: int, folder: Path) -> int:
    """Grade a class in every way; return how many troubles there were."""
    course = load_course(ROOT)
    trial = Trial(folder, make_class(folder / "class", course.select(slugs), size), slugs)
    seconds = trial.run("whole")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{size} students, {len(slugs)} exercises: {seconds:.0f} s; the largest process had {peak:.0f} MiB")
    trial.show_outcomes("whole")
    print(f"  again, unchanged: {trial.run('whole'):.1f} s; {(folder / 'whole').stat().st_size / MEBIBYTE:.1f} MiB")
    whole = trial.dump("whole")
    trial.compare("two workers of a cluster", whole, trial.cluster())
    trial.compare(f"{SHARDS} shards merged", whole, trial.shards())
    trial.compare(f"killed {kills} times", whole, trial.kill(kills, seconds))
    return trial.troubles


def main() -> int:
    """Do what the command line says; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=200)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--exercise", action="append", default=[])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        troubles = endure(
            options.exercise or ["middleware-onion", "cors-desk"], options.size, options.kills, Path(folder)
        )
    return 1 if troubles else 0


if __name__ == "__main__":
    sys.exit(main())
