"""The map of topics knows every exercise, its links lead somewhere, and every exercise ends with its questions."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from proctor.catalog import Exercise, load_course

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "topics.md"
FACTS = ROOT / "tests" / "facts"
EXERCISES = list(load_course(ROOT))

LINK = re.compile(r"\[(?P<label>[^\]]+)\]\((?P<target>[^)\s]+)\)")
TOPICS_PAGE, SAYINGS = PAGE.read_text(encoding="utf-8").split("\n## What you may have read, and what is so\n")
TOPICS = re.split(r"^### ", TOPICS_PAGE, flags=re.MULTILINE)[1:]
ROWS = [line for line in SAYINGS.splitlines() if line.startswith("| ") and not line.startswith("| you may have read")]


def paragraph(topic: str, name: str) -> str:
    """Return the paragraph of a topic that begins with a name, on one line and without that name."""
    (text,) = (part for part in topic.split("\n\n") if part.startswith(f"{name}: "))
    return " ".join(text.removeprefix(f"{name}: ").split())


def questions(text: str) -> list[str]:
    """Return the items of the lists in a text, each on one line."""
    items = re.findall(r"^- (.+(?:\n  .+)*)", text, flags=re.MULTILINE)
    return [" ".join(item.split()) for item in items]


def asked_by(exercise: Exercise) -> list[str]:
    """Return the questions at the end of the README of an exercise."""
    readme = (exercise.folder / "README.md").read_text(encoding="utf-8")
    return questions(readme.partition("\n## Interview questions\n")[2])


def first_line(topic: str) -> str:
    """Return the title of a topic, as the name of its tests."""
    return topic.partition("\n")[0]


def numbered_facts() -> Iterator[tuple[str, str, str]]:
    """Yield number, file and name of every fact that is tried."""
    for path in FACTS.glob("test_*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                for mark in node.decorator_list:
                    if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.fact":
                        yield str(ast.literal_eval(mark.args[0])), path.name, node.name


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.slug)
def test_every_exercise_stands_under_a_topic(exercise: Exercise) -> None:
    link = f"[`{exercise.slug}`](../exercises/{exercise.slug}/README.md)"
    assert any(link in paragraph(topic, "Exercises") for topic in TOPICS)


@pytest.mark.parametrize("topic", TOPICS, ids=first_line)
def test_a_topic_names_its_exercises(topic: str) -> None:
    known = {f"[`{exercise.slug}`](../exercises/{exercise.slug}/README.md)" for exercise in EXERCISES}
    assert set(paragraph(topic, "Exercises").split(", ")) <= known


@pytest.mark.parametrize("topic", TOPICS, ids=first_line)
def test_a_topic_has_one_to_three_questions_and_says_where_to_read_on(topic: str) -> None:
    asked = questions(topic)
    assert 1 <= len(asked) <= 3
    assert all("?" in question for question in asked)
    assert LINK.search(paragraph(topic, "Read on"))


def test_every_link_leads_somewhere() -> None:
    text = PAGE.read_text(encoding="utf-8")
    titles = re.findall(r"^#+ (.+)", text, flags=re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}
    for link in LINK.finditer(text):
        target = link["target"]
        if target.startswith("#"):
            assert target[1:] in anchors
        elif not target.startswith("https://"):
            assert (PAGE.parent / target).is_file(), target


def test_every_test_that_is_named_is_in_the_file_that_is_linked() -> None:
    there = {(file, name) for _, file, name in numbered_facts()}
    named = {(Path(link["target"]).name, link["label"].strip("`")) for link in LINK.finditer(SAYINGS)}
    assert {(file, name) for file, name in named if file.endswith(".py")} <= there


def test_what_is_said_is_shown_by_a_test_or_has_none() -> None:
    shown_by = [row.strip("| ").split(" | ")[-1] for row in ROWS]
    untested = {"no test yet", "(no test)"}
    assert ROWS
    assert [last for last in shown_by if last not in untested and not all(map(LINK.fullmatch, last.split(", ")))] == []


def test_every_fact_that_corrects_or_has_changed_is_on_the_page() -> None:
    wanted = {name for number, _, name in numbered_facts() if re.fullmatch(r"N\d+|V([1-9]|1[01])", number)}
    assert wanted
    assert sorted(name for name in wanted if f"[`{name}`]" not in SAYINGS) == []


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.slug)
def test_an_exercise_ends_with_at_least_three_questions(exercise: Exercise) -> None:
    readme = (exercise.folder / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (.+)", readme, flags=re.MULTILINE)[-1] == "Interview questions"
    asked = asked_by(exercise)
    assert len(asked) >= 3
    assert [question for question in asked if not question.endswith("?")] == []


def test_no_question_is_asked_twice() -> None:
    asked = Counter(question for exercise in EXERCISES for question in asked_by(exercise))
    asked.update(question for topic in TOPICS for question in questions(topic))
    assert [question for question, times in asked.items() if times > 1] == []
