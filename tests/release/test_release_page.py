"""The commands of `docs/release.md` do in their order what the page says, and the course beside it can be released."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from tests.release.release_world import make_course

from proctor.catalog import load_course
from proctor.grade import collect
from proctor.isolation.protection import Isolation, choose
from proctor.lanes import Lanes
from proctor.release.cut import cut_graders
from proctor.release.gates import Tree, objections_on_disk
from proctor.release.promise import promise
from proctor.release.secret_lines import SecretLines
from proctor.release.student_tree import list_tree
from proctor.release.trial import objections_to_tree, try_answers

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "release.md"
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PROCTOR = "from proctor.cli import main; main()"

SOMEBODY = {
    f"GIT_{role}_{what}": "nobody@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
}


def run(command: str, folder: Path) -> tuple[int, str]:
    """Run a command of the page in a course; nox, which it begins with, has one line for each session."""
    program, *words = shlex.split(command)
    if program == "nox":
        words = ["-c", PROCTOR, words[1], *words[3:]]
    told = subprocess.run(
        [program if program == "git" else sys.executable, *words],
        cwd=folder,
        env={**os.environ, **SOMEBODY, "GIT_CONFIG_GLOBAL": os.devnull, "PYTHONDONTWRITEBYTECODE": "1"},
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return told.returncode, told.stdout


def test_the_commands_of_the_page_do_what_it_says(tmp_path: Path) -> None:
    course = make_course(tmp_path / "course")
    commands = [line for block in BLOCK.findall(PAGE.read_text(encoding="utf-8")) for line in block.splitlines()]
    assert [command.split()[0] for command in commands] == ["nox", "git", "git", "git", "nox", "python"]
    for command in commands:
        code, told = run(command, course.root)
        assert code == 0, told
    assert told == "toy: as promised (2 files)\n"  # pyright: ignore[reportPossiblyUnboundVariable] - there are six
    assert run("git -C ../students rev-list --count HEAD", course.root) == (0, "1\n")
    code, told = run("nox -s reveal -- verify ../revealed ../students", course.root)
    assert (code, told) == (0, "toy: as promised (2 files)\n")
    assert "`nox -s reveal -- verify ../revealed ../students`" in PAGE.read_text(encoding="utf-8")


def test_no_gate_objects_to_the_course_beside_this(tmp_path: Path) -> None:
    course = load_course(ROOT)
    cut = cut_graders(course)
    with Lanes(choose(Isolation.AUTO), 1) as lanes:
        collect(lanes, course)
        specs = {exercise.slug: lanes.specs(exercise.slug) for exercise in course}
    key, released = promise(course, specs, cut)
    listed = list_tree(course, cut.files, released)
    listed.write(tmp_path)
    tree = load_course(tmp_path)
    objections = [*listed.objections, *objections_to_tree(tree, try_answers(tree, course))]
    secrets = SecretLines.of(course, cut, listed.files)
    objections += objections_on_disk(Tree(tmp_path, course, listed.files, secrets, key))
    assert [str(objection) for objection in objections] == []
