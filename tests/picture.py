"""Draws `docs/watch.svg`: what the watch shows of a real run, with values that a fixed seed draws.

``python -m tests.picture`` draws it anew.
"""

import io
import shutil
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from rich.console import Console
from rich.terminal_theme import DIMMED_MONOKAI

from proctor.catalog import load_course
from proctor.grade import Task, grade
from proctor.learner.own_work import OwnWork
from proctor.learner.progress import Progress
from proctor.learner.watch.screens import show_work
from proctor.learner.watch.workbench import Workbench
from proctor.terminal import Terminal

__all__ = ["PICTURE", "draw", "run"]

ROOT: Final = Path(__file__).parents[1]
PICTURE: Final = ROOT / "docs" / "watch.svg"

SOLVED: Final = ("request-trail", "coroutine-or-function")
SHOWN: Final = "middleware-onion"
MISTAKE: Final = "state_on_self"
SEED: Final = 7

FRAME: Final = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
    <style>
    .{unique_id}-matrix {{
        font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
        font-size: {char_height}px;
        line-height: {line_height}px;
        font-variant-east-asian: full-width;
    }}
    {styles}
    </style>
    <defs>
    <clipPath id="{unique_id}-clip-terminal">
      <rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
    </clipPath>
    {lines}
    </defs>
    {chrome}
    <g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
    {backgrounds}
    <g class="{unique_id}-matrix">
    {matrix}
    </g>
    </g>
</svg>
"""
"""The frame of rich, without the fonts that it loads from elsewhere."""


def run() -> Console:
    """Do as a learner who has solved two exercises and works at a third; return the console that was used."""
    console = Console(
        record=True, file=io.StringIO(), force_terminal=True, width=100, height=34, color_system="truecolor"
    )
    with TemporaryDirectory() as folder, Progress(Path(folder) / "progress.sqlite3") as progress:
        root = Path(folder)
        for room in ("exercises", "graders", "solutions"):
            shutil.copytree(ROOT / room, root / room)
        for slug in SOLVED:
            shutil.copy(root / "solutions" / slug / "main.py", root / "exercises" / slug / "main.py")
        mistake = root / "graders" / SHOWN / "mistakes" / f"{MISTAKE}.py"
        shutil.copy(mistake, root / "exercises" / SHOWN / "main.py")
        bench = Workbench(load_course(root), progress, OwnWork(progress, ()), SHOWN)
        tasks = [Task(slug, bench.look_at(bench.course.exercise(slug))) for slug in (*SOLVED, SHOWN)]
        for task, card in zip(tasks, grade(tasks, seed=SEED), strict=True):
            bench.take_in(task.submission, card)
        with chdir(root):  # paths are shown as from there
            show_work(Terminal(console), bench, ())
    return console


def draw() -> None:
    """Write the picture."""
    svg = run().export_svg(title="nox -s watch", theme=DIMMED_MONOKAI, code_format=FRAME, unique_id="watch")
    PICTURE.write_text("\n".join(line.rstrip() for line in svg.splitlines()) + "\n", encoding="utf-8")


if __name__ == "__main__":
    draw()
