"""From verdicts to a scorecard. The grader owns the list of checks; no verdict is read from an exit status.

A check that is missing, reported twice, skipped or unknown scores nothing and is shown; an exercise whose points do not
add up to 100 is not graded at all. In a released course the public checks have to be those that were released.
"""

from collections.abc import Sequence

from proctor.catalog import Exercise
from proctor.feedback import explain
from proctor.released import FULL_SCORE, ReleasedExercise, path_of_released
from proctor.scorecard import CheckResult, Hidden, Outcome, Scorecard, Status
from proctor.submission import Submission
from proctor.verdict import CheckSpec, Verdict, Visibility

__all__ = ["FULL_SCORE", "notes_on", "score", "without_verdict"]


def score(
    submission: Submission, specs: Sequence[CheckSpec], verdicts: Sequence[Verdict], broken: Sequence[str]
) -> Scorecard:
    """Add up what came of the checks. ``broken`` says what is wrong with graders that could not be collected."""
    exercise = submission.exercise
    fault = _fault(specs, verdicts, broken, exercise)
    results = [_result(spec, [one for one in verdicts if one.check == spec.id]) for spec in specs]
    is_unreadable = bool(verdicts) and all(verdict.unreadable for verdict in verdicts)
    if fault or any(result.outcome is Outcome.ERROR for result in results):
        status, message = Status.ERROR, fault or "some checks could not be decided; this is not your fault"
    elif is_unreadable:
        status, message = Status.UNREADABLE, verdicts[0].message
    else:
        status, message = Status.GRADED, "this is still the untouched stub" if submission.is_stub else ""
    if status is Status.GRADED and not submission.is_stub:
        results = explain(exercise, results, {spec.id: spec.mistake for spec in specs})
    return Scorecard(
        exercise=exercise.slug,
        submission=submission.digest,
        graders=exercise.graders_digest,
        status=status,
        score=None if status is Status.ERROR else sum(result.score or 0 for result in results),
        max_score=sum(spec.points for spec in specs),
        duration_s=round(sum(verdict.duration for verdict in verdicts), 3),
        message=message,
        hidden=_hidden(exercise),
        notes=notes_on(submission),
        checks=tuple(results),
    )


def without_verdict(submission: Submission, status: Status, why: str) -> Scorecard:
    """Say that nothing was decided about a submission, and why: it cannot be graded here, or it is our fault."""
    return Scorecard(
        exercise=submission.exercise.slug,
        submission=submission.digest,
        graders=submission.exercise.graders_digest,
        status=status,
        score=None,
        max_score=submission.exercise.max_score,
        duration_s=0.0,
        message=why,
        hidden=_hidden(submission.exercise),
        checks=(),
    )


def notes_on(submission: Submission) -> tuple[str, ...]:
    """Return what the learner should know beside the verdicts."""
    files = " and ".join(submission.exercise.manifest.files)
    return tuple(
        f"{name} is not handed in with this exercise, only {files}: what it holds has to stand there"
        for name in submission.strays
    )


def _fault(specs: Sequence[CheckSpec], verdicts: Sequence[Verdict], broken: Sequence[str], exercise: Exercise) -> str:
    """Say what is wrong with the graders themselves, or return an empty text."""
    points = sum(spec.points for spec in specs)
    told = "".join(f"\n{one}" for one in broken)
    if exercise.released is not None:
        if wrong := _differences(specs, exercise.released):
            where = f"the checks in `{exercise.grader}` are not those that `{path_of_released(exercise.root)}` names"
            mend = "if they were changed here, `git restore graders` undoes it"
            return f"{where}: {', '.join(wrong)}; {mend}{told}"
    elif points != FULL_SCORE:
        return f"the checks in `{exercise.grader}` are worth {points} points together, and not {FULL_SCORE}{told}"
    unknown = {verdict.check for verdict in verdicts} - {spec.id for spec in specs}
    return f"verdicts for unknown checks: {', '.join(sorted(unknown))}" if unknown else ""


def _differences(specs: Sequence[CheckSpec], released: ReleasedExercise) -> list[str]:
    """Say in what these checks differ from those that were released."""
    here, there = {spec.id: spec.points for spec in specs}, {check.id: check.points for check in released.public}
    return [
        *(f"`{name}` is missing" for name in there if name not in here),
        *(f"`{name}` was not released" for name in here if name not in there),
        *(
            f"`{name}` is worth {here[name]} points and not {points}"
            for name, points in there.items()
            if here.get(name, points) != points
        ),
        *(["one of them is there twice"] if len(here) != len(specs) else []),
    ]


def _hidden(exercise: Exercise) -> Hidden | None:
    """Return what is not here; nothing where nothing is hidden."""
    released = exercise.released
    if released is None or not released.hidden_points:
        return None
    return Hidden(checks=released.hidden_checks, points=released.hidden_points)


def _result(spec: CheckSpec, verdicts: Sequence[Verdict]) -> CheckResult:
    if len(verdicts) == 1:
        outcome, message, printed = Outcome(verdicts[0].outcome), verdicts[0].message, verdicts[0].printed
    elif verdicts:
        outcome, message, printed = Outcome.FAILED, "this check was reported more than once, which scores nothing", ""
    else:
        outcome, message, printed = Outcome.ERROR, "this check was not reported; its runner ended early", ""
    return CheckResult(
        id=spec.id,
        title=spec.title,
        points=spec.points,
        score={Outcome.PASSED: spec.points, Outcome.FAILED: 0, Outcome.ERROR: None}[outcome],
        outcome=outcome,
        visibility=Visibility(spec.visibility),
        message=message,
        printed=printed,
    )
