"""The pages about ways to teach: their commands of git give students one commit, and say what was not tried."""

import os
import re
import subprocess
from pathlib import Path
from typing import Final

import pytest

DOCS: Final = Path(__file__).parents[2] / "docs"
PAGES: Final = sorted((DOCS / "teacher").glob("*.md"))
BLOCK: Final = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
LINK: Final = re.compile(r"\]\((?!https?:)([^)#]+)")
SERVERS: Final = {"github": "https://github.com/", "gitlab": "https://gitlab.com/"}
RELEASE: Final = """#!/bin/sh
[ "$*" = "-s release -- $4" ] || exit 2
mkdir "$4" && mkdir "$4/exercises" && echo "$4" > "$4/README.md"
"""


def git(folder: Path, *words: str) -> str:
    command = ["git", "-C", str(folder), *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.mark.parametrize("server", SERVERS)
def test_each_student_gets_one_commit_of_the_release_and_nothing_of_the_course(tmp_path: Path, server: str) -> None:
    course, programs = tmp_path / "course", tmp_path / "programs"
    (course / "docs").mkdir(parents=True)
    (course / "docs" / "teacher").symlink_to(DOCS / "teacher")
    git(tmp_path, "init", "--quiet", str(course))
    programs.mkdir()
    (programs / "nox").write_text(RELEASE, encoding="utf-8")
    (programs / "nox").chmod(0o755)
    settings = (
        f'[user]\n\tname = T\n\temail = t@example.org\n[url "file://{tmp_path}/"]\n\tinsteadOf = {SERVERS[server]}\n'
    )
    (tmp_path / "settings").write_text(settings, encoding="utf-8")
    for name in ("start", "work-alice-x", "work-bob-y"):
        git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(tmp_path / f"my-course/{name}.git"))
    lines = "".join(BLOCK.findall((DOCS / "teacher" / f"{server}.md").read_text(encoding="utf-8")))
    environment = {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "GIT_CONFIG_GLOBAL": str(tmp_path / "settings"),
    }
    subprocess.run(["bash", "-euo", "pipefail", "-c", lines], cwd=course, env=environment, check=True)
    given = {
        name: git(tmp_path / f"my-course/{name}.git", "rev-list", "main") for name in ("work-alice-x", "work-bob-y")
    }
    assert len({*given.values()}) == 1
    assert len(given["work-bob-y"].splitlines()) == 1
    assert "README.md" in git(tmp_path / "my-course/work-bob-y.git", "ls-tree", "--name-only", "main")
    if server == "gitlab":
        assert ".gitlab-ci.yml" in git(tmp_path / "my-course/work-bob-y.git", "ls-tree", "--name-only", "main")
    else:  # with the correction, which goes on from what students have
        start = git(tmp_path / "my-course/start.git", "rev-list", "main").splitlines()
        assert start[1:] == given["work-bob-y"].splitlines()
        assert git(tmp_path / "my-course/start.git", "show", "main:README.md") == "../corrected"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_every_link_leads_somewhere(page: Path) -> None:
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    assert targets
    assert [one for one in targets if not (page.parent / one).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_a_page_ends_with_what_was_tried_and_what_was_not(page: Path) -> None:
    headings = re.findall(r"^## (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert headings[-2:] == ["Tried", "Not tried"]
