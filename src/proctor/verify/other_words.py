"""Whether right answers are still right in other words, where the README leaves the words free."""

from collections.abc import Iterator
from difflib import unified_diff

from proctor.catalog import Exercise
from proctor.grade import Progress, grade
from proctor.scorecard import Scorecard
from proctor.verify.finding import Finding, Flaw
from proctor.verify.known_answers import shown_place
from proctor.verify.transcript import SEED

__all__ = ["judge_other_words", "other_words_are_as_right"]


def judge_other_words(exercise: Exercise, progress: Progress = lambda _verdict, _total: None) -> list[Finding]:
    """Grade every right answer with its refusals in other words; return what is wrong with the checks."""
    from proctor.verify.mutants import reworded, task_of, texts_of_right_answers  # noqa: PLC0415 - they need libcst

    promised = (exercise.folder / "README.md").read_text(encoding="utf-8")
    answers = texts_of_right_answers(exercise)
    other = {name: {file: reworded(text, promised) for file, text in texts.items()} for name, texts in answers.items()}
    tasks = [task_of(exercise, name, texts) for name, texts in other.items() if texts != answers[name]]
    cards = grade(tasks, seed=SEED, progress=progress)
    return [
        flaw.found_in(exercise.slug, other_words_are_as_right.__name__)
        for task, card in zip(tasks, cards, strict=True)
        for flaw in other_words_are_as_right(exercise, task.key, card, _diff(answers[task.key], other[task.key]))
    ]


def other_words_are_as_right(exercise: Exercise, answer: str, card: Scorecard, diff: str) -> Iterator[Flaw]:
    """A right answer stays right if it explains its refusals in other words, unless the README promises them."""
    if card.failed:
        failed = ", ".join(f"`{check.id}`" for check in card.failed)
        what = f"{failed} asks for the words of this answer, which the README does not promise"
        remedy = "relax the check, or have the README promise these words"
        yield Flaw(shown_place(exercise, answer), what, remedy, diff)


def _diff(before: dict[str, str], after: dict[str, str]) -> str:
    return "\n".join(
        line
        for name, text in before.items()
        for line in list(unified_diff(text.splitlines(), after[name].splitlines(), lineterm="", n=0))[2:]
        if not line.startswith("@@")
    )
