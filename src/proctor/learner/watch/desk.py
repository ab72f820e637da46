"""What the watch does about a key, a saved file and a verdict, one after another on the event loop."""

from collections.abc import Callable, Collection
from typing import Final

from rich.live import Live

from proctor.catalog import Exercise
from proctor.errors import ProctorError
from proctor.learner.hints import hint_lines, next_hint
from proctor.learner.reset import is_untouched, reset_lines
from proctor.learner.solution import solution_lines
from proctor.learner.watch.examiner import Examiner
from proctor.learner.watch.keys import INTERRUPT
from proctor.learner.watch.listing import Listing
from proctor.learner.watch.screens import checks_under_way, show_head, show_list, show_work
from proctor.learner.watch.workbench import Workbench
from proctor.scorecard import Scorecard
from proctor.submission import Submission
from proctor.terminal import Terminal
from proctor.verdict import Verdict

__all__ = ["Desk"]

RESET: Final = "Press r again to put the stub back. A copy of your work is kept."


class Desk:
    """The screen, and all that a learner can do at it.

    ``look_again`` has `saved` called with an exercise a moment later.
    """

    def __init__(
        self, bench: Workbench, examiner: Examiner, terminal: Terminal, look_again: Callable[[str], None]
    ) -> None:
        self._bench, self._examiner, self._terminal, self._look_again = bench, examiner, terminal, look_again
        self.is_over = False
        self._waiting: list[str] = []
        self._gone: set[str] = set()
        self._news: list[str] = []
        self._listing: Listing | None = None
        self._live: Live | None = None
        self._outcomes: dict[str, str] = {}
        self._is_reset_asked = False
        self._is_recalled = True

    def begin(self, *news: str) -> None:
        """Show where the learner is, and grade what is not known."""
        self._news = list(news)
        if self._bench.card is None:
            self._waiting.append(self._bench.current.slug)
        self._waiting += [one.slug for one in self._bench.unseen_work() if one.slug not in self._waiting]
        self.draw()
        self._grade_next()

    # What the learner does

    def press(self, key: str) -> None:
        """Do what a key is for."""
        if key == INTERRUPT:
            self.is_over = True
        elif self._listing is not None:
            self._listing.press(key)
            if self._listing.is_closed:
                self._leave_list(self._listing.chosen)
            self.draw()
        else:
            self._press_at_work(key)

    def _press_at_work(self, key: str) -> None:
        was_asked, self._is_reset_asked = self._is_reset_asked, False
        match key:
            case "q":
                self.is_over = True
                return
            case "h":
                shown = next_hint(self._bench.current, self._bench.progress)
                self._news = list(hint_lines(self._bench.current, shown, "h"))
            case "l":
                self._listing = Listing(self._bench.course, self._bench.is_open, self._bench.current.slug)
            case "n":
                self._move_on()
            case "g":
                self._want(self._bench.current)
            case "s":
                self._show_solution()
            case "r":
                self._reset(is_confirmed=was_asked)
            case _:
                return
        self.draw()
        self._grade_next()

    def _leave_list(self, chosen: str) -> None:
        self._listing = None
        if chosen:
            self._go_to(self._bench.course.exercise(chosen))
            self._grade_next()

    def _move_on(self) -> None:
        following = self._bench.following()
        if following is None:
            self._news = ["There is nothing else to do: every exercise is done."]
        else:
            self._go_to(following)

    def _go_to(self, exercise: Exercise) -> None:
        self._bench.current = exercise
        self._news, self._is_recalled = [], True
        if self._bench.card is None:
            self._want(exercise)

    def _show_solution(self) -> None:
        if self._bench.may_see_solution:
            self._news = _told(lambda: list(solution_lines(self._bench.current)))
        elif not self._bench.current.may_have_solution:
            self._news = ["A released course comes without solutions: they are your teacher's."]
        else:
            command = f"nox -s solution -- {self._bench.current.slug} --give-up"
            self._news = [f"The solution is shown once you have all points. `{command}` shows it all the same."]

    def _reset(self, *, is_confirmed: bool) -> None:
        exercise = self._bench.current
        if not is_confirmed and not is_untouched(exercise):
            self._is_reset_asked, self._news = True, [RESET]
        else:
            self._news = _told(lambda: list(reset_lines(exercise)))

    # What is saved, and what comes of it

    def saved(self, slugs: Collection[str]) -> None:
        """Grade exercises whose files were saved, if anything in them has changed."""
        for exercise in [one for one in self._bench.course if one.slug in slugs]:
            slug = exercise.slug
            submission = self._bench.look_at(exercise)
            if not self._bench.is_news(submission):
                self._gone.discard(slug)
            elif not submission.is_there and slug not in self._gone:
                self._gone.add(slug)  # some editors delete a file and write it anew
                self._look_again(slug)
            else:
                self._gone.discard(slug)
                self._bench.current, self._listing = exercise, None
                if not submission.is_stub:
                    self._news = []
                self._want(exercise)
        self._grade_next()

    def heard(self, verdict: Verdict) -> None:
        """Show a verdict as it comes."""
        self._outcomes[verdict.check] = verdict.outcome
        if self._live is not None:
            titles = {spec.id: spec.title for spec in self._examiner.specs(verdict.job)}
            self._live.update(checks_under_way(titles, self._outcomes), refresh=True)

    def graded(self, submission: Submission, card: Scorecard) -> None:
        """Note and show what came of a submission."""
        self._bench.take_in(submission, card)
        is_current = card.exercise == self._bench.current.slug
        if is_current:
            self._is_recalled = False
        if is_current or not self._terminal.is_plain:  # of others it is the total that changes
            self.draw()
        self._bench.remember(submission, card)
        self._grade_next()

    def failed(self, error: Exception) -> None:
        """Say that grading broke down; the learner can go on."""
        self.tell(f"This could not be graded, and that is not your fault: {error}", "g tries again.")
        self._grade_next()

    def tell(self, *news: str) -> None:
        """Show lines below the verdict."""
        self._news = list(news)
        self.draw()

    def _want(self, exercise: Exercise) -> None:
        """Have an exercise graded before all others that wait."""
        self._waiting = [exercise.slug, *(slug for slug in self._waiting if slug != exercise.slug)]

    def _grade_next(self) -> None:
        if not self._waiting or self._examiner.is_busy:
            return
        exercise = self._bench.course.exercise(self._waiting.pop(0))
        self._outcomes = {}
        self._examiner.examine(self._bench.look_at(exercise))
        if exercise.slug == self._bench.current.slug and self._listing is None and not self._terminal.is_plain:
            self._stop_live()
            show_head(self._terminal, self._bench)
            titles = {check.id: check.title for check in self._bench.card.checks} if self._bench.card else {}
            under_way = checks_under_way(titles, {})
            self._live = Live(under_way, console=self._terminal.console, auto_refresh=False, transient=True)
            self._live.start(refresh=True)

    # What is shown

    def draw(self) -> None:
        """Draw the screen anew."""
        self._stop_live()
        if self._listing is not None:
            show_list(self._terminal, self._bench, self._listing)
        else:
            show_work(self._terminal, self._bench, self._news, was_recalled=self._is_recalled)

    def close(self) -> None:
        """Leave the terminal as it was."""
        self._stop_live()

    def _stop_live(self) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None


def _told(act: Callable[[], list[str]]) -> list[str]:
    """Return what came of it, or why nothing did."""
    try:
        return act()
    except ProctorError as error:
        return str(error).splitlines()
