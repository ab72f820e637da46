"""What other tools say of the code is put beside the exercise that it is about; a tool that fails is our fault."""

import shutil
import sys
from pathlib import Path

import pytest
from tests.verify.test_audit import change, write_course

from proctor.catalog import Exercise, load_course
from proctor.errors import OurFault
from proctor.verify import Weight
from proctor.verify.tools import TOOLS, Tool, examine_code

STYLE, LAYOUT, TYPES = TOOLS


@pytest.fixture
def exercises(tmp_path: Path) -> list[Exercise]:
    write_course(tmp_path, "first", "second")
    return list(load_course(tmp_path))


def stand_in(root: Path, tool: Tool, output: str, status: int = 1) -> Tool:
    """Return the tool with a command that says this, whatever it is asked."""
    path = root / "stand-in"
    path.write_text(f"#!{sys.executable}\nprint({output!r})\nraise SystemExit({status})\n", encoding="utf-8")
    path.chmod(0o755)
    return Tool((str(path), *tool.command[1:]), tool.rule, tool.sentence, tool.read)


def test_objections_are_told_by_file(tmp_path: Path, exercises: list[Exercise]) -> None:
    path = tmp_path / "solutions" / "second" / "main.py"
    said = (
        f'[{{"filename": "{path}", "location": {{"row": 3}}, "code": "E501", "message": "Too long"}},'
        f' {{"filename": "{path}", "location": {{"row": 9}}, "code": "D100", "message": "Undocumented"}}]'
    )
    (finding,) = examine_code(tmp_path, exercises, [stand_in(tmp_path, STYLE, said)])
    assert (finding.exercise, finding.rule, finding.where) == ("second", "code_passes_ruff", "solutions/second/main.py")
    assert finding.what.endswith(" objects")
    assert finding.evidence == "line 3: E501 Too long\nline 9: D100 Undocumented"


def test_layout_and_types_are_read_too(tmp_path: Path, exercises: list[Exercise]) -> None:
    layout = stand_in(
        tmp_path, LAYOUT, "--- graders/first/test_toy.py\n+++ graders/first/test_toy.py\n@@ -1 +1 @@\n-a\n+b"
    )
    (finding,) = examine_code(tmp_path, exercises, [layout])
    assert (finding.exercise, finding.where) == ("first", "graders/first/test_toy.py")
    assert finding.evidence == "@@ -1 +1 @@\n-a\n+b"
    path = tmp_path / "graders" / "first" / "test_toy.py"
    said = (
        f'{{"generalDiagnostics": [{{"file": "{path}", "severity": "error", "message": "No\\n  good",'
        ' "range": {"start": {"line": 1}}, "rule": "reportBad"}]}'
    )
    (finding,) = examine_code(tmp_path, exercises, [stand_in(tmp_path, TYPES, said)])
    assert finding.evidence == "line 2: No good (reportBad)"


def test_a_tool_that_is_not_installed_is_a_note(tmp_path: Path, exercises: list[Exercise]) -> None:
    absent = Tool(("no-such-tool",), STYLE.rule, STYLE.sentence, STYLE.read)
    notes = examine_code(tmp_path, exercises, [absent])
    assert [(note.exercise, note.weight) for note in notes] == [("first", Weight.NOTE), ("second", Weight.NOTE)]
    assert notes[0].what == "not checked: no-such-tool is not installed"


@pytest.mark.parametrize(
    ("output", "status", "fault"), [("the config", 2, "ended with 2: the config"), ("{", 1, "was not understood")]
)
def test_a_tool_that_fails_is_our_fault(
    tmp_path: Path, exercises: list[Exercise], output: str, status: int, fault: str
) -> None:
    with pytest.raises(OurFault, match=fault):
        examine_code(tmp_path, exercises, [stand_in(tmp_path, STYLE, output, status)])


def test_without_exercises_no_tool_is_asked(tmp_path: Path) -> None:
    assert examine_code(tmp_path, []) == []


@pytest.mark.skipif(not shutil.which("ruff", path=str(Path(sys.executable).parent)), reason="ruff comes with `lint`")
def test_ruff_itself_looks_at_right_answers_and_checks_alone(tmp_path: Path, exercises: list[Exercise]) -> None:
    for name in ("solutions/first/accepted/adds.py", "graders/first/mistakes/triples.py", "exercises/first/main.py"):
        change(tmp_path, name, "def", "import  os\n\n\ndef")
    found = [
        one for one in examine_code(tmp_path, exercises, [STYLE, LAYOUT]) if "adds" in one.where or "/m" in one.where
    ]
    assert [(one.where, one.rule) for one in found] == [
        ("solutions/first/accepted/adds.py", "code_passes_ruff"),
        ("solutions/first/accepted/adds.py", "code_is_laid_out"),
    ]
    assert "F401 `os` imported but unused" in found[0].evidence
