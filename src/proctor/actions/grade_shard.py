"""The job `grade`: one shard of the plan, on a machine that may do nothing and knows no secret but the seed."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from proctor.actions.class_plan import read_plan, shard_name
from proctor.classroom.command import ClassWish, grade_class
from proctor.isolation.protection import Isolation

__all__ = ["POINTS_LOST", "GradeWish", "grade_shard", "results_name"]

POINTS_LOST: Final = 1
"""How `grade_class` ends when somebody lost points, which is no fault of the job."""


@dataclass(frozen=True)
class GradeWish:
    """What is asked for: one shard, by its name. ``out`` is a folder."""

    shard: str
    plan: Path
    submissions: Path
    out: Path
    isolation: Isolation = Isolation.STRICT


def results_name(shard: str) -> str:
    """Name the file with what came of a shard."""
    return f"shard-{shard}.jsonl"


def grade_shard(wish: GradeWish) -> int:
    """Grade the students of one shard and write what came of it.

    Return 0 when that is written, whatever it says; 3 where something in it is undecided. Raises what grading raises.
    """
    plan = read_plan(wish.plan)
    shard = plan.shard(wish.shard)
    wish.out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        roster = Path(folder) / "roster.csv"
        roster.write_text("\n".join(["student", *plan.students, ""]), encoding="utf-8")
        code = grade_class(
            ClassWish(
                submissions=wish.submissions,
                gradebook=Path(folder) / "gradebook.sqlite3",
                roster=roster,
                slugs=plan.exercises,
                shard=shard,
                results=wish.out / results_name(shard_name(shard)),
                seed=plan.seed,
                isolation=wish.isolation,
            )
        )
    return 0 if code == POINTS_LOST else code
