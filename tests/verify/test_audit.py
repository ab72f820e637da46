"""The audit finds every fault that can be planted on disk, in one sentence that names place and remedy.

Below is a small exercise with which nothing is wrong; each test changes one thing in it.
"""

import json
from pathlib import Path

import pytest
from tests.toy import MANIFEST, PREAMBLE, check

from proctor.catalog import load_course
from proctor.errors import CourseError, UsageError
from proctor.verify import Finding, Subject, audit
from proctor.verify.audit import GRADED_RULES, RULES
from proctor.verify.reading import every_folder_is_an_exercise, read_course

SLUG = "toy"

README = """# Toy

Somebody has to double numbers.

## What to change
`double(number)` returns twice its number.

## What not to touch
Its name.

## How it is graded
It is called.

## Out of scope
Texts.

## Read more
- [Python](https://docs.python.org/3/)

## Interview questions
- What is twice nothing?
"""

DOUBLES = check("doubles", 60, 'expect("double(3)", await stage.call("double", 3)).equals(6)')
DOUBLES_NOTHING = check(
    "doubles_nothing",
    40,
    'expect("double(0)", await stage.call("double", 0)).equals(0)',
    title="Twice nothing is nothing",
)

RIGHT = {
    "adds": ("It adds the number to itself.", "number + number"),
    "shifts": ("It shifts the bits by one.", "number << 1"),
    "adds_up": ("It sums up two of them.", "sum([number, number])"),
}

WRONG = {
    "triples": ("It triples.", "number * 3", ["doubles"], "seen:     9"),
    "does_nothing": ("It returns what it is given.", "number", ["doubles"], "seen:     3"),
    "adds_one": ("It adds one.", "number + 1", ["doubles", "doubles_nothing"], "seen:     4"),
    "writes_it": ("It returns a text.", "str(number * 2)", ["doubles", "doubles_nothing"], "seen:     '6'"),
    "adds_three": ("It adds three.", "number + 3", ["doubles_nothing"], "seen:     3"),
}


def answer(sentence: str, result: str) -> str:
    """Return the source of an answer."""
    return f'"""{sentence}"""\n\n\ndef double(number: int) -> int:\n    return {result}\n'


def declaration(name: str, fails: list[str], seen: str) -> str:
    """Return the entry of a mistake."""
    says = f"This is the mistake that is called {name}."
    link = "https://docs.python.org/3/library/functions.html"
    texts = {"fails": fails, "says": says, "link": link, "seen": [seen]}
    return f"[{name}]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in texts.items())


def write_exercise(root: Path, slug: str = SLUG) -> None:
    """Write an exercise with which nothing is wrong."""
    stub = answer("To be doubled.", "0 * [number]  # TODO")
    files = {
        f"exercises/{slug}/exercise.toml": MANIFEST.format(stage="plain"),
        f"exercises/{slug}/README.md": README,
        f"exercises/{slug}/main.py": stub,
        f"exercises/{slug}/.stub/main.py": stub,
        f"exercises/{slug}/serve.py": "from main import double\n",
        f"solutions/{slug}/main.py": answer("It multiplies.", "number * 2"),
        f"graders/{slug}/test_toy.py": PREAMBLE + DOUBLES + DOUBLES_NOTHING,
        f"graders/{slug}/mistakes.toml": "".join(
            declaration(name, fails, seen) for name, (_, _, fails, seen) in WRONG.items()
        ),
        **{f"solutions/{slug}/accepted/{name}.py": answer(*texts) for name, texts in RIGHT.items()},
        **{f"graders/{slug}/mistakes/{name}.py": answer(*texts[:2]) for name, texts in WRONG.items()},
    }
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


def write_course(root: Path, *slugs: str) -> None:
    """Write the list of the exercises, and every exercise with nothing wrong."""
    for slug in slugs:
        write_exercise(root, slug)
    (root / "exercises" / "course.toml").write_text(
        f'title = "Toys"\n[[chapters]]\ntitle = "Toys"\nexercises = {json.dumps(slugs)}\n', encoding="utf-8"
    )


def change(root: Path, name: str, old: str, new: str) -> None:
    """Replace a text in a file. Without an old text the file is written, without a new one the line goes."""
    path = root / name
    if not old:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(new, encoding="utf-8")
    else:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


def found_on_disk(root: Path) -> list[Finding]:
    """Audit the toy exercise without grading anything."""
    return audit(Subject(load_course(root).exercise(SLUG), (SLUG,)))


def test_nothing_is_found_where_nothing_is_wrong(tmp_path: Path) -> None:
    write_course(tmp_path, SLUG)
    assert found_on_disk(tmp_path) == []


TOML, TESTS = "exercises/toy/exercise.toml", "graders/toy/test_toy.py"
PAGE, MISTAKES = "exercises/toy/README.md", "graders/toy/mistakes.toml"

CONSEQUENCES = (
    "mistakes_name_checks",
    "every_check_is_lost_by_a_mistake",
    "the_readme_begins_with_the_title",
    "learners_begin_with_the_stub",
)
"""Rules that one fault may break, too."""

FAULTS = [
    ("no_file_is_stray", "exercises/toy/notes.txt", "", "x", "belongs to nothing"),
    ("no_file_is_stray", "graders/toy/conftest.py", "", "x", "belongs to nothing"),
    ("learners_begin_with_the_stub", "exercises/toy/main.py", "0 * ", "1 * ", "differs from the stub that is kept"),
    ("no_file_is_stray", "solutions/toy/accepted/folder/main.py", "", "x", "belongs to nothing"),
    ("nothing_is_left_to_write", PAGE, "Texts.", "TODO: what else\n\nTODO: more", "still says TODO in lines 15, 17"),
    ("nothing_is_left_to_write", TESTS, "import pytest", "import pytest  # TODO", "still says TODO in line 2"),
    (
        "every_check_is_lost_by_a_mistake",
        "graders/toy/test_more.py",
        "",
        check("holds", 1, "pass"),
        "no known mistake loses the check `holds`",
    ),
    ("the_manifest_is_filled_in", TOML, '"Toy"', '"TODO"', "`title` still has the placeholder 'TODO'"),
    ("hints_are_three_sentences", TOML, "about two", "about it", "does not have three different hints"),
    ("hints_are_three_sentences", TOML, "Think about it.", "A nudge here", "hint 1 is no finished sentence"),
    ("links_are_well_formed", TOML, "https://docs", "http://docs", "does not begin with `https://`"),
    ("links_are_well_formed", TOML, "docs.python.org", "example.com", "is a placeholder"),
    ("links_are_well_formed", PAGE, "https://docs.python.org/3/", "../nowhere.md", "the link `../nowhere.md` does not"),
    ("links_are_well_formed", MISTAKES, "seen = ", "evidence = 'https://nohost'\nseen = ", "names no host"),
    ("prerequisites_come_earlier", TOML, "files", "prerequisites = ['absent']\nfiles", "`absent` is not in the course"),
    ("prerequisites_come_earlier", TOML, "files", "prerequisites = ['toy']\nfiles", "does not come before it"),
    ("the_readme_begins_with_the_title", PAGE, "# Toy", "# Toys", "begins with `# Toys`, but the title"),
    ("the_readme_has_every_section", PAGE, "## Out of scope\nTexts.\n", "", "lacks the section `Out of scope`"),
    (
        "the_readme_has_every_section",
        PAGE,
        "## Read",
        "## Thanks\nAll.\n\n## Read",
        "`Thanks` that no other README has",
    ),
    ("the_readme_has_every_section", PAGE, "Texts.\n", "", "the section `Out of scope` is empty"),
    ("check_ids_are_well_formed", TESTS, "test_doubles_nothing", "test_doublesNothing", "is not named in snake case"),
    ("check_ids_are_well_formed", TESTS, "test_doubles_nothing", "test_doubles", "2 checks have the id `doubles`"),
    ("check_sentences_can_be_read", TESTS, "It doubles", "It doubles.", "ends with a full stop"),
    (
        "check_sentences_can_be_read",
        TESTS,
        "It doubles",
        "It doubles " + "again " * 20,
        "has 131 characters; more than",
    ),
    ("check_sentences_can_be_read", TESTS, '"""It doubles"""', "", "the check `doubles` has no sentence"),
    ("check_sentences_can_be_read", TESTS, "It doubles", "It doubles\n\n    Well.\n", "goes on after its first line"),
    ("the_stub_says_what_is_to_do", "exercises/toy/.stub/main.py", "# TODO", "", "carries no `# TODO`"),
    (
        "right_answers_say_what_is_different",
        "solutions/toy/accepted/adds.py",
        "itself.",
        "itself",
        "does not begin with",
    ),
    (
        "right_answers_say_what_is_different",
        "solutions/toy/accepted/adds_up.py",
        "sums up two of them",
        "adds the number to itself",
        "begins with the same sentence as `adds`",
    ),
    (
        "right_answers_are_different",
        "solutions/toy/accepted/adds_up.py",
        "sum([number, number])",
        "number * 2  # again",
        "is the same program as `reference`",
    ),
    ("mistakes_say_what_is_wrong", "graders/toy/mistakes/triples.py", '"""It triples."""', "", "does not begin with"),
    ("mistakes_are_declared_one_to_one", "graders/toy/mistakes/other.py", "", '"""Other."""\n', "is not declared"),
    ("mistakes_are_declared_one_to_one", MISTAKES, "says", "say", "is not as it should be"),
    ("mistakes_name_checks", MISTAKES, '["doubles"]', '["dubles"]', "fails `dubles`, and there is no such check"),
    ("mistakes_name_checks", MISTAKES, '["doubles"]', '["doubles", "doubles"]', "declares `doubles` more than once"),
]


@pytest.mark.parametrize(("rule", "file", "old", "new", "what"), FAULTS, ids=[f"{one[0]}: {one[4]}" for one in FAULTS])
def test_a_fault_on_disk_is_found_and_told(tmp_path: Path, rule: str, file: str, old: str, new: str, what: str) -> None:
    write_course(tmp_path, SLUG)
    change(tmp_path, file, old, new)
    first, *others = found_on_disk(tmp_path)
    assert (first.exercise, first.rule) == (SLUG, rule)
    assert what in first.what
    assert "\n" not in first.what + first.where + first.remedy
    assert first.where.startswith(file)
    assert first.remedy
    assert {one.rule for one in others} <= {rule, *CONSEQUENCES}


@pytest.mark.parametrize(
    ("rule", "file", "what"),
    [
        ("no_file_is_missing", PAGE, "is missing"),
        ("no_file_is_missing", "solutions/toy/main.py", "is missing"),
        ("no_file_is_missing", MISTAKES, "is missing"),
        ("no_file_is_missing", TESTS, "holds no checks"),
        (
            "there_are_three_other_right_answers",
            "solutions/toy/accepted/adds_up.py",
            "holds 2 right answers; it takes 3",
        ),
        ("there_are_five_mistakes", "graders/toy/mistakes/adds_one.py", "holds 4 mistakes; it takes 5"),
    ],
)
def test_a_missing_file_is_found(tmp_path: Path, rule: str, file: str, what: str) -> None:
    write_course(tmp_path, SLUG)
    (tmp_path / file).unlink()
    assert [one.what for one in found_on_disk(tmp_path) if one.rule == rule] == [what]


def test_a_file_that_the_checks_name_is_no_stray(tmp_path: Path) -> None:
    write_course(tmp_path, SLUG)
    change(tmp_path, "graders/toy/another_desk.py", "", "X = 1\n")
    assert [one.where for one in found_on_disk(tmp_path)] == ["graders/toy/another_desk.py"]
    change(tmp_path, TESTS, "import pytest", 'import pytest\n\nOTHER = "another_desk.py"')
    assert found_on_disk(tmp_path) == []


def test_a_mistake_under_another_name_is_missed_on_both_sides(tmp_path: Path) -> None:
    write_course(tmp_path, SLUG)
    change(tmp_path, MISTAKES, "[triples]", "[triple]")
    undeclared, absent = found_on_disk(tmp_path)
    assert (undeclared.where, undeclared.what) == ("graders/toy/mistakes/triples.py", "is not declared")
    assert (absent.where, absent.what) == (MISTAKES, "declares `triple`, of which there is no answer in `mistakes/`")


def test_sections_in_another_order_are_found(tmp_path: Path) -> None:
    write_course(tmp_path, SLUG)
    change(tmp_path, PAGE, "## Read more", "## Interview questions")
    change(tmp_path, PAGE, "## Interview questions\n- What", "## Read more\n- What")
    assert [one.what for one in found_on_disk(tmp_path)] == ["has its sections in another order than the others"]


def test_a_malformed_manifest_does_not_hide_the_other_exercises(tmp_path: Path) -> None:
    write_course(tmp_path, "bad", SLUG)
    change(tmp_path, "exercises/bad/exercise.toml", '"Think about two.", ', "")
    reading = read_course(tmp_path)
    assert list(reading.exercises) == [SLUG]
    finding = reading.unreadable["bad"]
    assert (finding.rule, finding.where) == ("the_manifest_is_well_formed", "exercises/bad/exercise.toml")
    assert "hints: Tuple should have at least 3 items" in finding.evidence
    (tmp_path / "exercises/bad/exercise.toml").unlink()
    assert read_course(tmp_path).unreadable["bad"].what == "is missing"


def test_a_list_of_exercises_that_cannot_be_read_is_our_fault(tmp_path: Path) -> None:
    write_course(tmp_path, SLUG)
    change(tmp_path, "exercises/course.toml", "title", "name")
    with pytest.raises(CourseError, match=r"course\.toml` is not as it should be"):
        read_course(tmp_path)


def test_exercises_are_chosen_in_the_order_of_the_course(tmp_path: Path) -> None:
    write_course(tmp_path, "first", "second")
    reading = read_course(tmp_path)
    assert reading.select([]) == reading.select(["second", "first"]) == ["first", "second"]
    with pytest.raises(UsageError, match="Did you mean `second`"):
        reading.select(["secund"])


def test_a_folder_of_no_exercise_is_found(tmp_path: Path) -> None:
    write_course(tmp_path, SLUG)
    (tmp_path / "graders" / "shared_checks").mkdir()
    assert every_folder_is_an_exercise(read_course(tmp_path)) == []
    (tmp_path / "graders" / "forgotten").mkdir()
    (finding,) = every_folder_is_an_exercise(read_course(tmp_path))
    assert (finding.where, finding.what) == ("graders/forgotten", "belongs to no exercise of the course")


def test_files_of_an_answer_in_a_folder_are_asked_for_one_by_one(tmp_path: Path) -> None:
    write_course(tmp_path, SLUG)
    change(tmp_path, TOML, '["main.py"]', '["main.py", "other.py"]')
    (tmp_path / "solutions/toy/accepted/halves").mkdir()
    missing = [one.where for one in found_on_disk(tmp_path) if one.what == "is missing"]
    assert "exercises/toy/other.py" in missing
    assert "solutions/toy/accepted/halves/other.py" in missing


def test_every_rule_says_what_it_is() -> None:
    rules = [*RULES, *GRADED_RULES]
    assert len({rule.__name__ for rule in rules}) == len(rules)
    assert all((rule.__doc__ or "").endswith(".") and "\n" not in (rule.__doc__ or "") for rule in rules)


def test_every_rule_about_files_is_seen_to_find_something() -> None:
    elsewhere = {"no_file_is_missing", "there_are_three_other_right_answers", "there_are_five_mistakes"}
    assert {rule.__name__ for rule in RULES} == {one[0] for one in FAULTS} | elsewhere
