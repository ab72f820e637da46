"""`proctor actions`: what the jobs of a grading workflow do. Their options come from variables of the job, too."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from proctor.cli.app import app
from proctor.cli.gradebook import DEFAULT, ClassFileName, GradebookFile
from proctor.isolation.protection import Isolation
from proctor.reports.reader import Reader

if TYPE_CHECKING:
    from proctor.actions.github import GitHub

__all__ = ["actions_app"]

actions_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="What the jobs of a grading workflow do; docs/workflows.md shows how they belong together.",
)
app.add_typer(actions_app, name="actions")

_ROSTER: Final = Path("roster.csv")
_TOKEN: Final = "PROCTOR_TOKEN"  # noqa: S105 - the name of a variable
_SEED: Final = "PROCTOR_SEED"

RosterFile = Annotated[
    Path, typer.Option("--roster", metavar="CSV", envvar="PROCTOR_ROSTER", help="Who is in the class.")
]
PlanFile = Annotated[
    Path, typer.Option("--plan", metavar="FILE", envvar="PROCTOR_PLAN", help="What `plan` has written.")
]
Server = Annotated[
    str, typer.Option(metavar="ADDRESS", envvar="GITHUB_SERVER_URL", help="Where git finds the repositories.")
]
Api = Annotated[str, typer.Option(metavar="ADDRESS", envvar="GITHUB_API_URL", help="Where GitHub answers.")]
OutFolder = Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where to write.")]
PinsFile = Annotated[Path, typer.Option("--list", metavar="CSV", help="The list of repositories of `fetch`.")]

_GITHUB: Final = "https://github.com"
_API: Final = "https://api.github.com"


@actions_app.command("plan")
def plan_command(
    *,
    roster: RosterFile = _ROSTER,
    out: OutFolder = Path("job"),
    exercises: Annotated[
        list[str] | None,
        typer.Option(
            "--exercise", metavar="EXERCISE", envvar="PROCTOR_EXERCISES", help="Grade this one; may be repeated."
        ),
    ] = None,
    shards: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, envvar="PROCTOR_SHARDS", help="How many jobs; one for each 25 students."),
    ] = None,
    repository: Annotated[
        str,
        typer.Option(metavar="OWNER/NAME", envvar="GITHUB_REPOSITORY", help="Where this runs; it has to be private."),
    ] = "",
    api: Api = _API,
) -> None:
    """Say who is graded, in which exercises and in how many jobs. The seed is in PROCTOR_SEED, or drawn."""
    from proctor.actions.plan import PlanWish, plan_class  # noqa: PLC0415 - `grade` does without

    wish = PlanWish(roster, out, exercises or (), shards, os.environ.get(_SEED, ""), repository)
    if not repository:
        raise typer.Exit(plan_class(wish))
    with _github(api) as github:
        raise typer.Exit(plan_class(wish, github))


@actions_app.command("fetch")
def fetch_command(
    *,
    pattern: Annotated[
        str,
        typer.Option(
            "--repositories",
            metavar="OWNER/NAME",
            envvar="PROCTOR_REPOSITORIES",
            help="Where the work of a student is, such as my-course/work-{github}, with a column of the roster.",
        ),
    ],
    plan: PlanFile = Path("job/plan/plan.json"),
    roster: RosterFile = _ROSTER,
    server: Server = _GITHUB,
    api: Api = _API,
    out: OutFolder = Path("job"),
) -> None:
    """Fetch the newest work of everybody. PROCTOR_TOKEN holds the token that may read it."""
    from proctor.actions.fetch import FetchWish, fetch_class  # noqa: PLC0415 - as above

    wish = FetchWish(plan, roster, pattern, server, out, api, os.environ.get(_TOKEN, ""))
    raise typer.Exit(fetch_class(wish))


@actions_app.command("prepare")
def prepare_command() -> None:
    """Bring what holds submissions, and what exercises start, to a machine that is thrown away after the job."""
    from proctor.actions.prepare import find_missing, prepare_machine  # noqa: PLC0415 - as above
    from proctor.catalog import find_root, load_course  # noqa: PLC0415 - as above

    raise typer.Exit(prepare_machine(os.environ, find_missing(load_course(find_root(Path.cwd())))))


@actions_app.command("grade")
def grade_command(
    *,
    shard: Annotated[str, typer.Option(metavar="NNN", envvar="PROCTOR_SHARD", help="Which one, such as 003.")],
    plan: PlanFile = Path("job/plan/plan.json"),
    submissions: Annotated[Path, typer.Option(metavar="FILE", help="What `fetch` has written.")] = Path(
        "job/submissions.jsonl"
    ),
    out: OutFolder = Path("job/grades"),
    isolation: Annotated[Isolation, typer.Option(envvar="PROCTOR_ISOLATION", help="How to hold submissions.")] = (
        Isolation.STRICT
    ),
) -> None:
    """Grade one shard. Points that were lost are no fault: exit code 0."""
    from proctor.actions.grade_shard import GradeWish, grade_shard  # noqa: PLC0415 - as above

    raise typer.Exit(grade_shard(GradeWish(shard, plan, submissions, out, isolation)))


@actions_app.command("merge")
def merge_command(
    results: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="A folder `grades-NNN` for each shard that has arrived.")
    ] = Path("job/results"),
    *,
    plan: PlanFile = Path("job/plan/plan.json"),
    roster: RosterFile = _ROSTER,
    gradebook: GradebookFile = DEFAULT,
) -> None:
    """Make the gradebook of what has arrived, held against the plan."""
    from proctor.actions.merge_shards import merge_planned  # noqa: PLC0415 - as above

    raise typer.Exit(merge_planned(results, plan, roster, gradebook))


@actions_app.command("publish")
def publish_command(
    *,
    gradebook: GradebookFile = DEFAULT,
    class_file: ClassFileName = None,
    pins: PinsFile = Path("job/repositories.csv"),
    reader: Annotated[
        Reader, typer.Option(envvar="PROCTOR_READER", help="Who reads it: hidden checks are left out for students.")
    ] = Reader.STUDENT,
    server: Server = _GITHUB,
    api: Api = _API,
    out: OutFolder = Path("job/feedback"),
) -> None:
    """Write feedback for every student and, with a token in PROCTOR_TOKEN, show it at their commit."""
    from proctor.actions.publish import PublishWish, publish_class  # noqa: PLC0415 - as above

    token = os.environ.get(_TOKEN, "")
    raise typer.Exit(publish_class(PublishWish(gradebook, pins, server, out, reader, class_file, api, token)))


def _github(api: str) -> "GitHub":
    from proctor.actions.github import GitHub  # noqa: PLC0415 - as above

    return GitHub(api, os.environ.get(_TOKEN, ""))
