"""A new exercise is whole from the first moment, and goes the way that `docs/authoring.md` describes."""

import re
import tomllib
from pathlib import Path

import pytest

from proctor.catalog import Course, Exercise, load_course
from proctor.errors import CourseError, UsageError
from proctor.grade import Task, grade
from proctor.scaffold import Wish, new_exercise
from proctor.submission import read_files
from proctor.verify.known_answers import tasks_of
from proctor.verify.mutants import mutants_of, read_equivalents

SLUG = "order-desk"
GUIDE = Path(__file__).parents[1] / "docs" / "authoring.md"

COURSE = """\
# The order is the order of learning.
title = "Toys"

[[chapters]]
title = "First"   # the easy ones
exercises = ["b-toy"]

[[chapters]]
title = "Second"
exercises = [
    "a-toy", # known from the lecture
]
# the end
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return the root of a course whose list of exercises has comments, and whose exercises do not exist yet."""
    (tmp_path / "exercises").mkdir()
    (tmp_path / "exercises" / "course.toml").write_text(COURSE, encoding="utf-8")
    return tmp_path


def make_course(root: Path, *wishes: Wish) -> Course:
    """Write a course that consists of new exercises, and load it."""
    path = root / "exercises" / "course.toml"
    path.parent.mkdir()
    path.write_text('title = "Toys"\n[[chapters]]\ntitle = "Toys"\nexercises = ["gone"]\n', encoding="utf-8")
    for wish in wishes:
        new_exercise(root, wish)
    path.write_text(path.read_text(encoding="utf-8").replace('"gone", ', ""), encoding="utf-8")
    return load_course(root)


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """Return a course that consists of one new exercise."""
    return make_course(tmp_path, Wish(SLUG, title='Orders, "good" and bad'))


def course_text(root: Path) -> str:
    return (root / "exercises" / "course.toml").read_text(encoding="utf-8")


def everything(root: Path) -> dict[str, bytes]:
    """Return all files below a folder."""
    paths = [path for path in sorted(root.rglob("*")) if path.is_file()]
    return {str(path.relative_to(root)): path.read_bytes() for path in paths}


def test_a_new_exercise_can_be_graded(course: Course) -> None:
    stub, reference = grade(list(tasks_of(course.exercise(SLUG))))
    assert [check.outcome for check in stub.checks] == ["failed"], stub
    assert (stub.score, reference.score, reference.max_score) == (0, 100, 100), reference


def test_a_new_exercise_is_whole_and_says_what_is_to_be_written(course: Course) -> None:
    exercise = course.exercise(SLUG)
    assert exercise.manifest.title == 'Orders, "good" and bad'
    assert exercise.mistakes == {}
    assert (exercise.accepted_variants(), exercise.mistake_variants()) == ([], [])
    for path in (exercise.folder / "README.md", exercise.folder / "exercise.toml", exercise.folder / "main.py"):
        assert "TODO" in path.read_text(encoding="utf-8"), path
    assert "# TODO" in (exercise.grader / "test_order_desk.py").read_text(encoding="utf-8")
    assert "TODO" not in (exercise.solution / "main.py").read_text(encoding="utf-8")
    assert not [name for name, content in everything(course.root).items() if re.search(rb"\$\w|\$\{", content)]


def test_what_was_made_is_shown_file_by_file(root: Path) -> None:
    lines = new_exercise(root, Wish(SLUG))
    shown = {line.split()[0] for line in lines if line.startswith("  ")}
    made = list(root.glob(f"*/{SLUG}/**/*"))
    assert {root / name for name in shown} == {path for path in made if path.is_file() or not list(path.iterdir())}
    assert lines[0] == "The exercise `order-desk` is there, at the end of the chapter `Second`:"


@pytest.mark.parametrize(
    ("wish", "before", "after"),
    [
        (Wish(SLUG), '    "a-toy", # known', '    "order-desk",\n]'),
        (Wish(SLUG, chapter="First"), '["b-toy"', ', "order-desk"]'),
        (Wish(SLUG, new_chapter='The "last"'), "# the end", '[[chapters]]\ntitle = "The \\"last\\""\nexercises = ["'),
    ],
)
def test_the_list_of_exercises_stays_as_it_was_written(root: Path, wish: Wish, before: str, after: str) -> None:
    old = course_text(root)
    new_exercise(root, wish)
    new = course_text(root)
    assert before in old
    assert after in new
    assert [line for line in old.splitlines() if line not in new.splitlines() and "b-toy" not in line] == []
    slugs = [slug for chapter in tomllib.loads(new)["chapters"] for slug in chapter["exercises"]]
    assert sorted(slugs) == ["a-toy", "b-toy", SLUG]


def test_line_ends_stay_as_they_are(root: Path) -> None:
    path = root / "exercises" / "course.toml"
    path.write_bytes(course_text(root).replace("\n", "\r\n").encode())
    new_exercise(root, Wish(SLUG, chapter="First"))
    content = path.read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n") == course_text(root).count("\n")


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (Wish("Order_Desk"), "`Order_Desk` cannot be the name of an exercise: .* Did you mean `order-desk`?"),
        (Wish("../desk"), "cannot be the name of an exercise"),
        (Wish("desk\n"), "cannot be the name of an exercise"),
        (Wish("!"), "joined by hyphens. Like this: `middleware-onion`."),
        (Wish("a-toy"), "there is an exercise `a-toy` already, in `exercises/a-toy/`. .* choose another name."),
        (Wish(SLUG, title=" "), "what `--title` gives is ' ': a title is one line of text"),
        (Wish(SLUG, title="a\nb"), "a title is one line of text"),
        (Wish(SLUG, chapter="Frist"), "there is no chapter `Frist` in .* Did you mean `First`? `--new-chapter` begins"),
        (Wish(SLUG, new_chapter="First"), "there is a chapter `First` already .*: ask for it with `--chapter`"),
        (Wish(SLUG, chapter="First", new_chapter="Third"), "give one of them"),
    ],
)
def test_what_cannot_be_is_refused_without_a_trace(root: Path, wish: Wish, said: str) -> None:
    before = everything(root)
    with pytest.raises(UsageError, match=said.replace("?", r"\?")) as raised:
        new_exercise(root, wish)
    assert raised.value.exit_code == 2
    assert everything(root) == before


@pytest.mark.parametrize("room", ["exercises", "solutions", "graders"])
def test_a_folder_that_is_there_already_is_not_touched(root: Path, room: str) -> None:
    work = root / room / SLUG / "main.py"
    work.parent.mkdir(parents=True)
    work.write_text("my work", encoding="utf-8")
    before = everything(root)
    with pytest.raises(UsageError, match=f"`{room}/{SLUG}` is there already, .* delete it, or choose another name"):
        new_exercise(root, Wish(SLUG))
    assert everything(root) == before


@pytest.mark.parametrize("failing", ["rename", "replace"])
def test_nothing_half_written_is_left(root: Path, failing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = everything(root)
    original = getattr(Path, failing)

    def move(path: Path, target: Path) -> Path:
        if failing == "replace" or target.parent.name == "graders":
            raise OSError(28, "No space left on device")
        return original(path, target)

    monkeypatch.setattr(Path, failing, move)
    with pytest.raises(UsageError, match=r"nothing was made, because it cannot be written: .*No space left"):
        new_exercise(root, Wish(SLUG))
    monkeypatch.undo()
    assert everything(root) == before
    assert not list((root / ".proctor").iterdir())
    new_exercise(root, Wish(SLUG))


def test_a_malformed_list_of_exercises_is_named(root: Path) -> None:
    (root / "exercises" / "course.toml").write_text("title = ", encoding="utf-8")
    with pytest.raises(CourseError, match=r"course\.toml` cannot be read: "):
        new_exercise(root, Wish(SLUG))


# What the guide says


def blocks_of_the_guide() -> list[tuple[str, str]]:
    """Return the code blocks that name a file, as the rest of their first line and their text, in order."""
    return re.findall(r"^```\w+ (\S.*)\n((?:.*\n)*?)```$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)


def changed(text: str, diff: str) -> str:
    """Return the text with the lines that begin with a minus replaced by those after them that begin with a plus."""
    for old, new in re.findall(r"((?:^-.*\n)+)((?:^\+.*\n)+)", diff, re.MULTILINE):
        before, after = (re.sub("^[-+]", "", lines, flags=re.MULTILINE) for lines in (old, new))
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return text


def write_example(root: Path, *, fixed: bool) -> Exercise:
    """Write the examples over new exercises, the check of the survivor only when ``fixed``; return the main one."""
    course = make_course(root, Wish("quotes-once"), Wish("order-desk"))
    written: dict[Path, str] = {}
    for name, text in blocks_of_the_guide():
        path = root / name.partition(" ")[0]
        if name != "survivor" and (fixed or not name.endswith(" once fixed")):
            own = changed(reference_of(root), text) if text.startswith("-") else text
            written[path] = written.get(path, "") + own
            path.write_text(written[path], encoding="utf-8")
    return course.exercise("quotes-once")


def reference_of(root: Path) -> str:
    return (root / "solutions" / "quotes-once" / "main.py").read_text(encoding="utf-8")


def test_the_matrix_of_the_guide_is_what_its_checks_say(tmp_path: Path) -> None:
    exercise = write_example(tmp_path, fixed=True)
    tasks, others = list(tasks_of(exercise)), list(tasks_of(load_course(tmp_path).exercise("order-desk")))
    *graded, stub, reference = grade([*tasks, *others])
    cards = {task.key.rpartition("/")[2]: card for task, card in zip(tasks, graded, strict=True)}
    assert (stub.score, reference.score, reference.max_score) == (0, 100, 100), reference
    table = re.findall(r"^\| ([`\w]+) \| (.*) \|$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    checks, *rows = [(name.strip("`"), cells.replace("`", "").split("|")) for name, cells in table]
    assert {name for name, _ in rows} == cards.keys() - {"stub"}
    for name, cells in rows:
        crossed = [check.strip() for check, cell in zip(checks[1], cells, strict=True) if cell.strip() == "x"]
        assert (cards[name].max_score, [check.id for check in cards[name].failed]) == (100, crossed), name
    for name, mistake in exercise.mistakes.items():
        assert sorted(mistake.fails) == sorted(check.id for check in cards[name].failed)
        assert any(mistake.says in check.message for check in cards[name].failed)


@pytest.mark.parametrize("fixed", [False, True])
def test_the_mutants_of_the_guide_survive_as_it_says(tmp_path: Path, fixed: bool) -> None:
    exercise = write_example(tmp_path, fixed=fixed)
    listed, (variant,) = read_equivalents(exercise), exercise.accepted_variants()
    mutants = mutants_of(variant.files["main.py"].read_text(encoding="utf-8"), "main.py")
    texts = {one.id: one.source for one in mutants if one.id in listed}
    texts["survivor"] = changed(reference_of(tmp_path), dict(blocks_of_the_guide())["survivor"])
    tasks: list[Task] = []
    for number, (name, text) in enumerate(texts.items()):
        path = tmp_path / f"mutant-{number}.py"
        path.write_text(text, encoding="utf-8")
        tasks.append(Task(name, read_files(exercise, {"main.py": path})))
    survived = {name for name, card in zip(texts, grade(tasks), strict=True) if card.score == 100}
    assert survived == {*listed, *([] if fixed else ["survivor"])}
