"""Every command of the README, of the learners' page and of the teachers' is run as it stands there, by a newcomer.

The newcomer has Python, git, a terminal and a fresh clone, begins with the first command of the README, and has a copy
of the course with one exercise for what would take long with all of them, where a class of three is taught, too. A
command that nobody runs here fails a test.
"""

import html
import re
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.newcomer import ONLY, Newcomer
from tests.picture import PICTURE, run

from proctor.catalog import load_course

ROOT = Path(__file__).parents[1]
TEACHERS_PAGE = ROOT / "docs" / "teacher.md"
PAGES = [ROOT / "README.md", ROOT / "docs" / "learner.md", TEACHERS_PAGE]
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
BEGIN = "python -m pip install nox && python -m nox"
WRONG = "added_in_reading_order"
"""The mistake that one of three students makes."""


def commands_of(page: Path) -> list[str]:
    """Return the commands of a page, in their order."""
    return [line for block in BLOCK.findall(page.read_text(encoding="utf-8")) for line in block.splitlines()]


def commands_in(section: str, page: Path) -> list[str]:
    """Return the commands of one section of a page, in their order."""
    text = page.read_text(encoding="utf-8")
    (inside,) = re.findall(rf"^## {section}\n(.*?)^## ", text, re.DOTALL | re.MULTILINE)
    return [line for block in BLOCK.findall(inside) for line in block.splitlines()]


COMMANDS = list(dict.fromkeys(command for page in PAGES for command in commands_of(page)))


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory: pytest.TempPathFactory) -> Newcomer:
    """Return somebody who has run the first command of the README."""
    newcomer = Newcomer(tmp_path_factory.mktemp("newcomer"))
    code, told = newcomer.run(BEGIN)
    assert re.search(r"^0 of \d+ points, 0 of \d+ checks passed", told, re.MULTILINE), told
    assert "Next: The ledger of Python 2" in told
    assert code == 1
    newcomer.shrink()
    return newcomer


Run = Callable[[Newcomer, str], None]


def ends(code: int, *texts: str) -> Run:
    """Expect that a command ends with this exit code, and prints these texts."""

    def run(newcomer: Newcomer, command: str) -> None:
        ended, told = newcomer.run(command)
        assert all(text in told for text in texts), told
        assert ended == code

    return run


def ends_in_small(code: int, *texts: str) -> Run:
    """Expect the same, in the clone with one exercise."""

    def run(newcomer: Newcomer, command: str) -> None:
        ended, told = newcomer.run(command, newcomer.small)
        assert all(text in told for text in texts), told
        assert ended == code

    return run


def shows(keys: str, *texts: str) -> Run:
    """Expect texts in a window, and that these keys end the program."""

    def run(newcomer: Newcomer, command: str) -> None:
        with newcomer.open(command) as window:
            window.wait_for(*texts)
            window.press(keys)
            window.wait_for_end()

    return run


def serves(address: str) -> Run:
    """Expect that something answers at an address until Ctrl-C."""

    def run(newcomer: Newcomer, command: str) -> None:
        with newcomer.open(command) as window:
            window.wait_for("stop     Ctrl-C", "Application startup complete")
            try:
                with urllib.request.urlopen(address) as answer:  # noqa: S310 - of this machine
                    status = answer.status
            except urllib.error.HTTPError as error:
                status = error.code
            assert status in {200, 401, 404}
            window.press("\x03")
            window.wait_for_end()

    return run


def hands_in(newcomer: Newcomer, command: str) -> None:
    """Grade a folder with one right answer, which `DIR` stands for."""
    handed_in = newcomer.clone / "DIR" / ONLY
    handed_in.mkdir(parents=True, exist_ok=True)
    shutil.copy(newcomer.clone / "solutions" / ONLY / "main.py", handed_in)
    code, told = newcomer.run(command)
    if command.startswith("pytest"):
        assert (code, "2 passed" in told) == (0, True), told
    else:
        assert code == 1  # the other exercises are missing
        assert "100/100" in told
        assert (newcomer.clone / "report.json").is_file()
        assert (newcomer.clone / "report.xml").is_file()


def teaches(code: int, *texts: str, writes: str = "") -> Run:
    """Expect that a command about the class of the teachers' page ends so, prints these texts and writes a file."""

    def run(newcomer: Newcomer, command: str) -> None:
        folder = newcomer.small
        if not (folder / "roster.csv").exists():
            releases(newcomer, RELEASE)
            _open_a_class(newcomer)
        if not (folder / "gradebook.sqlite3").exists() and command != GRADE_CLASS:
            newcomer.run(GRADE_CLASS, folder)
        ended, told = newcomer.run(command, folder)
        assert all(text in told for text in texts), told
        assert ended == code
        assert not writes or (folder / writes).stat().st_size > 0

    return run


def releases(newcomer: Newcomer, command: str) -> None:
    """Make what students are given; anew, where it is there already."""
    shutil.rmtree(newcomer.students, ignore_errors=True)
    newcomer.students.with_name("students.key.json").unlink(missing_ok=True)
    code, told = newcomer.run(command, newcomer.small)
    assert code == 0, told
    assert (newcomer.students / "exercises" / ONLY / "main.py").is_file()
    assert not (newcomer.students / "solutions").exists()


def _open_a_class(newcomer: Newcomer) -> None:
    """Write the roster of the page. Its three students work in copies of the tree: one is right, one has not begun."""
    teacher = newcomer.small
    (roster,) = re.findall(r"^```csv\n(.*?)^```$", TEACHERS_PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    (teacher / "roster.csv").write_text(roster, encoding="utf-8")
    right, wrong = teacher / "solutions" / ONLY / "main.py", teacher / "graders" / ONLY / "mistakes" / f"{WRONG}.py"
    for student, answer in {"s001": right, "s002": wrong, "s003": None}.items():
        copy = shutil.copytree(newcomer.students, newcomer.students.with_name(student))
        if answer is not None:
            shutil.copy(answer, copy / "exercises" / ONLY / "main.py")
        shutil.copytree(copy / "exercises", teacher / "submissions" / student)


def merges(newcomer: Newcomer, command: str) -> None:
    """Two of seven shards are merged; the students of the others are undecided."""
    for number, code in ((1, 0), (2, 1)):  # one is right, the other has not begun
        teaches(code, writes=f"shard-{number}.jsonl")(
            newcomer, GRADE_SHARD.replace("2/7", f"{number}/7").replace("-2.", f"-{number}.")
        )
    teaches(1, "2 of 7 shards, 3 students", "`s003` is undecided", writes="merged.sqlite3")(newcomer, command)


def is_how_this_runs(newcomer: Newcomer, command: str) -> None:
    """The command that runs this test; here it is only asked what it would run."""
    code, told = newcomer.run(command.replace("-s tests", "--list"))
    assert code == 0
    assert re.search(r"^[-*] tests ", told, re.MULTILINE), told


RELEASE = "nox -s release -- ../students"
GRADE_CLASS = "nox -s classroom -- submissions --roster roster.csv"
GRADE_SHARD = f"{GRADE_CLASS} --seed 20 --shard 2/7 --results shard-2.jsonl --gradebook shard-2.sqlite3"

EXPECTED: dict[str, Run] = {
    BEGIN: ends(1, "as graded before"),
    "nox -s watch": shows("q", "The ledger of Python 2", "q quit"),
    "nox -s watch -- cors-desk": shows("q", "exercises/cors-desk/main.py", "q quit"),
    f"nox -s hint -- {ONLY}": ends(0, "Hint 1 of 3: "),
    "nox -s hint": ends(0, "Hint 1 of 3: "),
    "nox -s hint -- cors-desk": ends(0, "Hint 1 of 3: "),
    f"nox -s solution -- {ONLY} --give-up": ends(0, "solutions/middleware-onion/main.py:", "Other right answers"),
    "nox -s solution -- cors-desk --give-up": ends(0, "solutions/cors-desk/main.py:"),
    f"nox -s reset -- {ONLY}": ends(0, "there is nothing to put back"),
    "nox -s reset -- cors-desk": ends(0, "there is nothing to put back"),
    f"nox -s serve -- {ONLY}": serves("http://localhost:8000/docs"),
    "nox -s serve -- cors-desk": serves("http://localhost:8000/docs"),
    f"nox -s debug -- {ONLY} strangers": shows("q\n", "(Pdb)", "-> app = FastAPI()"),
    "nox -s debug -- cors-desk": ends(1, "say which check"),
    "nox -s update": ends(0, "Nothing new"),
    "nox -s doctor": ends(0, "Isolation of submissions here", "Nothing hinders you here"),
    f"nox -s grade -- {ONLY} cors-desk": ends(1, "0 of 200 points"),
    "nox -s grade -- --submission solutions": ends(0, "done"),
    "nox -s grade -- --submission DIR --json report.json --junit report.xml": hands_in,
    f"pytest graders/{ONLY} --submission DIR -k quota": hands_in,
    "nox -s verify": ends_in_small(0, "nothing found"),
    f"nox -s verify -- {ONLY} --no-mutants": ends_in_small(0, "nothing found"),
    f"nox -s verify -- {ONLY} --repeat 2 --burn": ends_in_small(0, "round 2 of 2 is done", "nothing found"),
    "python -m pip install nox": ends(0, "nox"),
    RELEASE: releases,
    GRADE_CLASS: teaches(1, "3 rows: 3 graded", writes="gradebook.sqlite3"),
    "nox -s gradebook -- show": teaches(0, "s001", "100"),
    "nox -s report -- class-page --out class.html": teaches(0, writes="class.html"),
    f"{GRADE_CLASS} --engine dask --scheduler tcp://HOST:8786": teaches(1, "no Dask scheduler at `tcp://HOST:8786`"),
    GRADE_SHARD: teaches(1, "1 rows: 1 graded", writes="shard-2.jsonl"),
    "nox -s gradebook -- merge shard-1.jsonl shard-2.jsonl --roster roster.csv --gradebook merged.sqlite3": merges,
    "nox -s new -- quotes-once": ends(0, "The exercise `quotes-once` is there"),
    "python -m pip install nox && python -m nox -s tests": is_how_this_runs,
}


def test_every_command_is_run() -> None:
    assert sorted(EXPECTED) == sorted(COMMANDS)


def test_the_first_ten_minutes_of_a_teacher(newcomer: Newcomer) -> None:
    """A clone, what students are given, three submissions, a gradebook and a page: all that the section says."""
    told: dict[str, str] = {}
    for command in commands_in("Ten minutes", TEACHERS_PAGE):
        if command == RELEASE:
            releases(newcomer, command)
            _open_a_class(newcomer)
            continue
        code, told[command] = newcomer.run(command, newcomer.small)
        assert code == (command == GRADE_CLASS), told[command]  # points were lost
    code, board = newcomer.run("python -m nox", newcomer.students.with_name("s002"))
    assert re.search(r"^(\d+) of \1 public points, ", board, re.MULTILINE), board
    assert "more points are graded by your teacher" in board  # and one of these checks will find the mistake
    assert code == 0
    assert "3 rows: 3 graded" in told[GRADE_CLASS]
    shown = told["nox -s gradebook -- show"]
    scores = {one: float(score) for one, score in re.findall(r"(s00\d)\b.*?\b(\d+\.\d\d)\b", shown)}
    assert (scores["s001"], scores["s003"], 0 < scores["s002"] < 100) == (100, 0, True), shown
    page = (newcomer.small / "class.html").read_text(encoding="utf-8")
    sentence = load_course(ROOT).exercise(ONLY).mistakes[WRONG].says
    assert all(html.escape(text) in page for text in ("Example, One", "Example Three", sentence))


@pytest.mark.parametrize("command", COMMANDS)
def test_it_does_what_the_page_says(newcomer: Newcomer, command: str) -> None:
    EXPECTED[command](newcomer, command)


def test_without_nox_uv_is_enough(newcomer: Newcomer) -> None:
    assert "`uvx nox`" in PAGES[0].read_text(encoding="utf-8")
    code, told = newcomer.run("uvx nox")
    assert "as graded before" in told, told
    assert code == 1


def test_the_tests_of_a_learner_run_by_themselves(newcomer: Newcomer) -> None:
    folder = newcomer.clone / "exercises" / "mock-the-feed"
    (command,) = re.findall(r"`(python -m pytest[^`]*)`", (folder / "README.md").read_text(encoding="utf-8"))
    shutil.copy(newcomer.clone / "solutions" / "mock-the-feed" / "main.py", folder)
    python = str(newcomer.clone / ".nox" / "grade" / "bin" / "python")
    code, told = newcomer.run(command.replace("python", python, 1), folder)
    assert (code, " passed" in told) == (0, True), told


def test_the_picture_shows_what_the_watch_shows() -> None:
    console = run()
    drawn = re.findall(r"<text[^>]*>(.*?)</text>", PICTURE.read_text(encoding="utf-8"))
    texts = [text.replace("&#160;", " ").replace("&#x27;", "'").replace("&quot;", '"') for text in drawn]
    shown = console.export_text()
    assert "".join("".join(texts).split()) == "nox-swatch" + "".join(shown.split())
