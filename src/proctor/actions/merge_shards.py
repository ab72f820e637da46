"""The job `merge`: from the results of all shards to the gradebook, each held against the plan.

Every shard arrives in a folder of its own, named after the job that has left it: ``grades-003/shard-003.jsonl``. The
file is the word of a machine that ran the code of strangers, and may speak for the students of its own shard only. The
name of the folder decides which shard that is: were all files in one folder, a file of one job could take the place of
another's. Nothing is merged when one of them says what it may not: somebody should look at it first.
"""

import re
from pathlib import Path
from typing import Final

from proctor.actions.class_plan import ClassPlan, read_plan, shard_name
from proctor.actions.grade_shard import results_name
from proctor.actions.job_files import add_summary, write_outputs
from proctor.classroom.merge import merge_shards
from proctor.classroom.shard_results import ShardHead, read_head
from proctor.errors import OurFault, UsageError
from proctor.hostile_text import one_line
from proctor.shard import Shard

__all__ = ["merge_planned"]

_FOLDER: Final = re.compile(r"grades-([0-9]{3})")


def merge_planned(results: Path, plan_path: Path, roster: Path | None, gradebook: Path) -> int:
    """Merge what has arrived. Return 0, or 3 where a shard is missing or something in one is undecided.

    Raises UsageError where a file says what it may not; then there is no gradebook. Raises OurFault when none arrived.
    """
    plan = read_plan(plan_path)
    arrived = _arrived(results, plan)
    if not arrived:
        raise OurFault(f"no shard has left its results in `{results}`: run the workflow again")
    for shard, path in arrived:
        _insist_on_the_plan(path, read_head(path), shard, plan)
    code = merge_shards([path for _, path in arrived], gradebook, roster)
    verdict = "Some of it is undecided: run the workflow again." if code else "All of it is decided."
    add_summary(f"{len(arrived)} of {plan.count} shards, {len(plan.students)} students. {verdict}\n")
    write_outputs({"merged": "true"})
    return code


def _arrived(results: Path, plan: ClassPlan) -> list[tuple[Shard, Path]]:
    """Return the shards that are there, with their files, in order."""
    arrived: list[tuple[Shard, Path]] = []
    try:
        folders = sorted(one for one in results.iterdir() if one.name.startswith("grades-"))
    except OSError as error:
        raise UsageError(f"`{results}` cannot be read: {error.strerror}") from None
    for folder in folders:
        found = _FOLDER.fullmatch(folder.name)
        if found is None:
            raise UsageError(f"`{one_line(folder.name, 60)}` is no folder of a shard: the first is `grades-001`")
        shard = plan.shard(found[1])
        path = folder / results_name(found[1])
        names = sorted(one.name for one in folder.iterdir()) if folder.is_dir() and not folder.is_symlink() else []
        if names != [path.name] or path.is_symlink() or not path.is_file():
            raise UsageError(f"`{folder}` has to hold `{path.name}` and nothing else: look at what that job did")
        arrived.append((shard, path))
    return arrived


def _insist_on_the_plan(path: Path, head: ShardHead, shard: Shard, plan: ClassPlan) -> None:
    said = (head.shard, head.seed, head.students, tuple(head.graders))
    if said != (shard, plan.seed, plan.students, plan.exercises):
        raise UsageError(
            f"`{path}` is no result of shard {shard_name(shard)} of this plan: shard, class, exercises or seed differ"
        )
