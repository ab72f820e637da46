"""Grading what somebody works at in this clone: what has not changed is not graded again, and attempts are remembered.

A verdict is recalled only if nothing has changed that it depends on: the learner's files, the graders, Proctor, Python,
the installed packages and the layers that held the submission. What could not be decided is never recalled.
"""

from collections.abc import Iterable, Sequence

from pydantic import BaseModel, ConfigDict, ValidationError

from proctor.environment import environment_digest
from proctor.learner.progress import Attempt, Progress
from proctor.scorecard import Outcome, Scorecard, Status
from proctor.scoring import notes_on
from proctor.submission import Submission

__all__ = ["OwnWork"]


class _Remembered(BaseModel):
    """A scorecard with what it leaves out of reports: what the submission has printed, by check."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    card: Scorecard
    printed: dict[str, str]


class OwnWork:
    """The memory of one learner's verdicts; ``layers`` are those that hold submissions in this run."""

    def __init__(self, progress: Progress, layers: Iterable[str]) -> None:
        self._progress = progress
        self._surroundings = f"{environment_digest()} {' '.join(layers)}"

    def recall(self, submission: Submission) -> Scorecard | None:
        """Return the verdict on exactly this, if there was one."""
        kept = self._progress.verdict(submission.exercise.slug, self._concerns(submission))
        if kept is None:
            return None
        try:
            remembered = _Remembered.model_validate_json(kept)
        except ValidationError:  # another Proctor has written it in another form
            return None
        checks = [
            check.model_copy(update={"printed": remembered.printed.get(check.id, "")})
            for check in remembered.card.checks
        ]
        return remembered.card.model_copy(update={"checks": tuple(checks), "notes": notes_on(submission)})

    def recall_all(self, submissions: Iterable[Submission]) -> dict[str, Scorecard]:
        """Return the verdicts that stand, by exercise."""
        recalled = {one.exercise.slug: self.recall(one) for one in submissions}
        return {slug: card for slug, card in recalled.items() if card is not None}

    def remember(self, submission: Submission, card: Scorecard) -> None:
        """Keep a verdict; if anything of the learner's was graded, as an attempt, and as the place in the course."""
        if card.status not in {Status.GRADED, Status.UNREADABLE} or card.score is None:
            return
        remembered = _Remembered(card=card, printed={one.id: one.printed for one in card.checks if one.printed})
        self._progress.keep_verdict(card.exercise, self._concerns(submission), remembered.model_dump_json())
        if not submission.is_stub:
            self._progress.record(
                Attempt(
                    card.exercise,
                    card.submission,
                    card.graders,
                    card.score,
                    card.max_score,
                    tuple(check.id for check in card.checks if check.outcome is Outcome.PASSED),
                )
            )

    def move_to(self, worked_at: Sequence[Scorecard]) -> None:
        """Take the place to be where something was worked at; among several, where something is left to do."""
        if worked_at:
            unfinished = [card for card in worked_at if not card.is_complete]
            self._progress.place = (unfinished or worked_at)[-1].exercise

    def _concerns(self, submission: Submission) -> str:
        exercise = submission.exercise
        return f"{submission.digest} {submission.problem} {exercise.graders_digest} {self._surroundings}"
