"""What the watch knows: the course, the exercise that is worked at, and what came of each."""

from proctor.catalog import Course, Exercise
from proctor.learner.own_work import OwnWork
from proctor.learner.progress import Progress
from proctor.scorecard import Scorecard
from proctor.submission import Submission, read_submission

__all__ = ["Workbench"]


class Workbench:
    """The state of somebody's work; ``current`` is the exercise that is worked at."""

    def __init__(self, course: Course, progress: Progress, memory: OwnWork, slug: str = "") -> None:
        self.course, self.progress, self._memory = course, progress, memory
        self.cards: dict[str, Scorecard] = {}
        self._seen: dict[str, Submission] = {}
        for exercise in course:
            submission = self.look_at(exercise)
            card = memory.recall(submission)
            if card is not None:
                self.cards[exercise.slug] = card
                self._seen[exercise.slug] = submission
        self._current = self._begin_with(slug)
        progress.place = self._current.slug

    @property
    def current(self) -> Exercise:
        """The exercise that is worked at. It is remembered as the place in the course."""
        return self._current

    @current.setter
    def current(self, exercise: Exercise) -> None:
        if exercise.slug != self._current.slug:
            self._current = exercise
            self.progress.place = exercise.slug

    @property
    def card(self) -> Scorecard | None:
        """What came of the current exercise, if it was graded."""
        return self.cards.get(self.current.slug)

    @property
    def is_passed(self) -> bool:
        """Had the current exercise all its points, now or at some time?"""
        return bool(self.card and self.card.is_complete) or self.progress.has_passed(self.current.slug)

    @property
    def may_see_solution(self) -> bool:
        """Is there a solution, and was the current exercise solved, or given up?"""
        has_a_right = self.is_passed or self.progress.has_given_up(self.current.slug)
        return has_a_right and self.current.may_have_solution

    def look_at(self, exercise: Exercise) -> Submission:
        """Read what the learner has saved."""
        return read_submission(exercise, exercise.folder)

    def is_news(self, submission: Submission) -> bool:
        """Tell whether this was not graded last."""
        seen = self._seen.get(submission.exercise.slug)
        return seen is None or _content(seen) != _content(submission)

    def is_open(self, exercise: Exercise) -> bool:
        """Tell whether something is left to do."""
        card = self.cards.get(exercise.slug)
        return exercise.max_score > 0 and (card is None or not card.is_complete)

    def unseen_work(self) -> list[Exercise]:
        """Return the exercises with work that was not graded."""
        unknown = [exercise for exercise in self.course if exercise.slug not in self.cards]
        return [exercise for exercise in unknown if not self.look_at(exercise).is_stub]

    def take_in(self, submission: Submission, card: Scorecard) -> None:
        """Note what came of an exercise."""
        self.cards[card.exercise] = card
        self._seen[card.exercise] = submission

    def remember(self, submission: Submission, card: Scorecard) -> None:
        """Write it down. The learner need not wait for the disk, so this comes after showing it."""
        self._memory.remember(submission, card)

    def following(self) -> Exercise | None:
        """Return the next exercise in which something is left to do, after the current one or from the beginning."""
        exercises = list(self.course)
        place = [exercise.slug for exercise in exercises].index(self.current.slug)
        return next((one for one in [*exercises[place + 1 :], *exercises[:place]] if self.is_open(one)), None)

    def totals(self) -> tuple[int, int, int]:
        """Return the exercises that are done, the points reached, and the points that there are."""
        done = sum(exercise.max_score > 0 and not self.is_open(exercise) for exercise in self.course)
        possible = sum(exercise.max_score for exercise in self.course)
        return done, sum(card.score or 0 for card in self.cards.values()), possible

    def _begin_with(self, slug: str) -> Exercise:
        if slug:
            return self.course.exercise(slug)
        exercises = list(self.course)
        open_ones = [exercise for exercise in exercises if self.is_open(exercise)]
        place = next((one for one in open_ones if one.slug == self.progress.place), None)
        return place or next(iter(open_ones), exercises[0])


def _content(submission: Submission) -> tuple[str, str, tuple[str, ...]]:
    return submission.digest, submission.problem, submission.strays
