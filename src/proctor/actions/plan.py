"""The job `plan`: from the roster to the plan of a run."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from proctor.actions.class_plan import ClassPlan, read_seed, shard_count, shard_name
from proctor.actions.github import GitHub
from proctor.actions.job_files import write_outputs
from proctor.catalog import find_root, load_course
from proctor.classroom.roster import read_roster
from proctor.errors import UsageError
from proctor.released import insist_on_all_checks
from proctor.terminal import Terminal

__all__ = ["PlanWish", "plan_class"]


@dataclass(frozen=True)
class PlanWish:
    """What is asked for. ``out`` is a new folder; ``repository`` the one in which this runs, empty elsewhere."""

    roster: Path
    out: Path
    slugs: Sequence[str] = ()
    shards: int | None = None
    seed: str = ""
    repository: str = ""


def plan_class(wish: PlanWish, github: GitHub | None = None) -> int:
    """Write the plan and, apart from it, the roster; name the shards to the jobs after this one. Return 0.

    Raises UsageError where the roster has faults, an exercise is not there, this is what students were given, or
    everybody could read the repository.
    """
    if github is not None and wish.repository and not github.is_private(wish.repository):
        raise UsageError(
            f"`{wish.repository}` is public: everybody could read graders and grades. Grade in a private repository"
        )
    root = find_root(Path.cwd())
    insist_on_all_checks(root, "a class is graded")
    students = sorted(one.id for one in read_roster(wish.roster))
    exercises = load_course(root).select(wish.slugs)
    plan = ClassPlan(
        seed=read_seed(wish.seed),
        count=shard_count(len(students), wish.shards),
        exercises=tuple(one.slug for one in exercises),
        students=tuple(students),
    )
    for name in ("plan", "roster"):
        (wish.out / name).mkdir(parents=True, exist_ok=True)
    (wish.out / "plan" / "plan.json").write_text(plan.to_json(), encoding="utf-8")
    shutil.copyfile(wish.roster, wish.out / "roster" / "roster.csv")
    write_outputs({"count": str(plan.count), "shards": json.dumps([shard_name(one) for one in plan.shards])})
    terminal = Terminal()
    terminal.line(f"{len(students)} students, {len(exercises)} exercises, {plan.count} shards")
    if not wish.seed.strip():
        terminal.line("no seed is set: one was drawn for this run alone (docs/workflows.md says when that matters)")
    return 0
