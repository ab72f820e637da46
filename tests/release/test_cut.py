"""A grader is cut down to its public checks and what they reach, and what goes is as it was written."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.toy import SLUG, check, toy_course

from proctor.catalog import load_course
from proctor.errors import CourseError
from proctor.release.cut import GraderCut, cut_graders

TESTS = f"graders/{SLUG}/test_toy.py"
PROPS = f"graders/{SLUG}/props.py"
PUBLIC = "@pytest.mark.public"


def cut_of(root: Path, grader: str, files: Mapping[str, str] | None = None) -> GraderCut:
    """Cut a course with this grader, and with these further files below `graders`."""
    course = toy_course(root, grader)
    for name, text in (files or {}).items():
        path = root / "graders" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return cut_graders(course)


def cut_test(root: Path, grader: str) -> str:
    """Return what goes of the checks."""
    return cut_of(root, grader).files[TESTS].decode()


def test_public_checks_go_and_hidden_ones_stay(tmp_path: Path) -> None:
    cut = cut_of(tmp_path, check("first", 40, "pass", marks=PUBLIC) + check("second", 60, "assert 'secret'"))
    assert (cut.public[SLUG], cut.hidden[SLUG]) == (["first"], ["second"])
    assert "test_first" in cut.files[TESTS].decode()
    assert "secret" not in cut.files[TESTS].decode()
    assert "secret" in "".join(cut.stays[TESTS])


def test_what_a_check_reaches_through_others_goes_and_the_rest_stays(tmp_path: Path) -> None:
    helpers = "A = 1\nB = A\nC = 2\n\ndef use():\n    return B\n\ndef other():\n    return C\n"
    text = cut_test(tmp_path, helpers + check("first", 40, "use()", marks=PUBLIC) + check("second", 60, "other()"))
    assert all(kept in text for kept in ("A = 1\n", "B = A\n", "def use()"))
    assert "C = 2" not in text
    assert "other" not in text


def test_a_local_name_or_a_keyword_reaches_nothing_of_that_name(tmp_path: Path) -> None:
    helpers = "import json\ndef order():\n    return 'secret'\n"
    text = cut_test(tmp_path, helpers + check("first", 40, "order = dict(json=1)", "print(order)", marks=PUBLIC))
    assert "secret" not in text
    assert "import json" not in text


def test_of_an_import_the_names_go_that_are_reached(tmp_path: Path) -> None:
    imports = "from json import dumps, loads as read\nimport os, sys\n"
    text = cut_test(tmp_path, imports + check("first", 40, "read", "sys", marks=PUBLIC))
    assert "\nfrom json import loads as read\n" in text
    assert "\nimport sys\n" in text
    assert "dumps" not in text
    assert "os" not in text.split()


def test_names_in_types_that_are_texts_are_reached(tmp_path: Path) -> None:
    helpers = "from typing import Any, cast\nclass Here: ...\nclass There: ...\ndef use(it: 'Here | None'):\n    ...\n"
    text = cut_test(tmp_path, helpers + check("first", 40, "use(cast('list[Any]', None))", marks=PUBLIC))
    assert "class Here" in text
    assert "import Any, cast" in text
    assert "There" not in text


def test_comments_decorators_and_documentation_go_with_their_statements(tmp_path: Path) -> None:
    lines = (
        "# About nobody in particular.\n\n# Why it is one.\nONE = 1\n'''What it is for.'''\n\n"
        "# Why it is two.\nTWO = 2\n'''Another one.'''\n"
    )
    text = cut_test(tmp_path, lines + check("first", 40, "ONE  # here", marks=f"# Its comment.\n{PUBLIC}"))
    assert "# Why it is one.\nONE = 1\n'''What it is for.'''\n" in text
    assert "# Its comment.\n@pytest.mark.public\n@pytest.mark.points(40)\nasync def test_first" in text
    assert "ONE  # here" in text
    assert all(gone not in text for gone in ("nobody", "two", "Another"))


def test_fixtures_go_that_a_check_asks_for(tmp_path: Path) -> None:
    fixtures = "".join(f"@pytest.fixture\ndef {name}():\n    return 1\n" for name in ("asked", "unasked"))
    public = check("first", 40, "pass", marks=PUBLIC).replace("stage: Stage", "stage: Stage, asked")
    text = cut_test(tmp_path, fixtures + public)
    assert "def asked()" in text
    assert "unasked" not in text


def test_what_registers_with_an_object_goes_with_it(tmp_path: Path) -> None:
    routes = "@router.get('/')\ndef route():\n    ...\n@other.get('/')\ndef stays():\n    ...\n"
    text = cut_test(tmp_path, f"router, other = [], []\n{routes}" + check("first", 40, "router", marks=PUBLIC))
    assert "def route()" in text


def test_a_hidden_check_never_goes_with_what_decorates_it(tmp_path: Path) -> None:
    hidden = check("second", 60, "assert 'secret'", marks="@marks.slow")
    text = cut_test(tmp_path, f"marks = pytest.mark\n{hidden}" + check("first", 40, "marks", marks=PUBLIC))
    assert "secret" not in text


def test_a_call_at_the_top_goes_with_its_module(tmp_path: Path) -> None:
    text = cut_test(tmp_path, "def prepare():\n    ...\nprepare()\n" + check("first", 40, "pass", marks=PUBLIC))
    assert "def prepare()" in text
    assert "\nprepare()\n" in text


def test_of_the_props_goes_what_a_text_names(tmp_path: Path) -> None:
    props = '"""Props."""\n\n\ndef make():\n    return part()\n\n\ndef part(): ...\n\n\ndef spoil(): ...\n'
    grader = check("first", 40, "await stage.props('make')", marks=PUBLIC) + check("second", 60, "'spoil'")
    cut = cut_of(tmp_path, grader, {f"{SLUG}/props.py": props})
    assert cut.files[PROPS].decode() == props.removesuffix("\n\n\ndef spoil(): ...\n") + "\n"
    assert cut.stays[PROPS] == ["def spoil(): ..."]


def test_props_that_nothing_names_stay(tmp_path: Path) -> None:
    cut = cut_of(tmp_path, check("first", 40, "pass", marks=PUBLIC), {f"{SLUG}/props.py": "def make(): ...\nmake()\n"})
    assert PROPS not in cut.files


def test_a_file_that_a_public_check_names_goes_whole_and_others_stay(tmp_path: Path) -> None:
    files = {f"{SLUG}/another_desk.py": "A = 1\n", f"{SLUG}/third_desk.py": "B = 1\n"}
    cut = cut_of(tmp_path, check("first", 40, "'another_desk.py'", marks=PUBLIC), files)
    assert cut.files[f"graders/{SLUG}/another_desk.py"] == b"A = 1\n"
    assert f"graders/{SLUG}/third_desk.py" not in cut.files


def test_shared_checks_are_cut_along_their_own_imports(tmp_path: Path) -> None:
    shared = {
        "shared_checks/__init__.py": '"""What graders share."""\n',
        "shared_checks/pages.py": '"""Pages."""\nfrom shared_checks.words import word, spell\n'
        '__all__ = ["open_page", "other_page"]\ndef open_page():\n    word()\ndef other_page():\n    spell()\n',
        "shared_checks/words.py": "def word(): ...\ndef spell(): ...\n",
        "shared_checks/unused.py": "def never(): ...\n",
    }
    imports = "from shared_checks.pages import open_page, other_page\n"
    cut = cut_of(tmp_path, imports + check("first", 40, "open_page()", marks=PUBLIC), shared)
    pages = cut.files["graders/shared_checks/pages.py"].decode()
    assert '__all__ = ["open_page"]' in pages
    assert "from shared_checks.words import word\n" in pages
    assert "other_page" not in pages
    assert cut.files["graders/shared_checks/words.py"] == b"def word(): ...\n"
    assert "graders/shared_checks/__init__.py" in cut.files
    assert "graders/shared_checks/unused.py" not in cut.files


def test_where_no_check_is_public_nothing_goes(tmp_path: Path) -> None:
    assert cut_of(tmp_path, check("first", 100, "pass")).files == {}


@pytest.mark.parametrize(
    ("grader", "told"),
    [
        ("from json import *\n", "imports `*`"),
        ("class TestAll:\n    def test_one(self): ...\n", "a check stands in a class"),
        ("def (\n", "is no Python"),
        (
            "from shared_checks.absent import one\n" + check("first", 40, "one", marks=PUBLIC),
            "imports `shared_checks.absent`, which is not there",
        ),
    ],
)
def test_what_cannot_be_cut_is_told(tmp_path: Path, grader: str, told: str) -> None:
    with pytest.raises(CourseError, match=told.replace("*", r"\*")):
        cut_of(tmp_path, grader)


def test_what_goes_of_the_whole_course_is_clean_python(tmp_path: Path) -> None:
    cut = cut_graders(load_course(Path(__file__).parents[2]))
    for name, content in cut.files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "F", "--quiet", str(tmp_path)]
    told = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (told.returncode, told.stdout) == (0, "")
