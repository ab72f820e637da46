"""The attacks of `tests/attacks/`: what each tries, what it is given to try it on, and how its success is told.

An attack is put in front of a stub that fails every check, and graded. Its docstring says by which oracle it succeeds:

``points``   it scored
``read``     it printed something hidden; hidden things are planted wherever an attack may look
``sent``     somebody outside received a byte
``process``  a process of it is alive after grading
``file``     a file with its token in the name exists after grading
``harmed``   somebody else's process, verdict or folder is not what it was
``done``     it printed its token, which it does after having verified that the forbidden thing worked

All of them are looked at for every attack, whatever it claims; only for the last one has the attack to be believed.
"""

import ast
import os
import re
import socket
import sqlite3
import subprocess
import sys
import tempfile
import uuid
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final, Self

import psutil
from tests.toy import SLUG as TOY
from tests.toy import WHOLE, toy_course

from proctor.catalog import Exercise
from proctor.grade import Task, grade
from proctor.isolation.protection import Protection
from proctor.isolation.stage_folder import remove_tree
from proctor.scorecard import Scorecard, Status
from proctor.submission import Submission, read_files

__all__ = ["ATTACKS", "KINDS", "ROOT", "Attack", "Run", "command_line", "run_attacks", "toy_exercise"]

ROOT: Final = Path(__file__).parents[1]
FOLDER: Final = ROOT / "tests" / "attacks"
WORLD: Final = "attacked-"
KINDS: Final = ("escaping", "forging", "leaking", "network", "starving", "staying", "talking")

_VICTIM: Final = """
import ctypes, signal, sys
ctypes.CDLL(None).prctl(0x59616d61, ctypes.c_ulong(-1), 0, 0, 0)  # PR_SET_PTRACER: whoever may at all, may
print("there", flush=True)
sys.stdin.read()
"""


@dataclass(frozen=True)
class Attack:
    """One file of the suite."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def kind(self) -> str:
        return self.path.parent.name

    @cached_property
    def source(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def terms(self) -> dict[str, str]:
        """What the docstring declares: succeeds, stopped by, and where there are any, control and exercise."""
        documentation = ast.get_docstring(ast.parse(self.source)) or ""
        return dict(re.findall(r"^(succeeds|stopped by|control|exercise): (.+)$", documentation, re.MULTILINE))

    @property
    def succeeds(self) -> str:
        return self.terms["succeeds"]

    @property
    def stopped_by(self) -> set[str]:
        return {layer.strip().replace(" ", "-") for layer in re.split(" or | and ", self.terms["stopped by"])}

    def fits(self, exercise: Exercise) -> bool:
        """Most attacks go with every exercise; those that starve or talk at import are slow or alike, and meet one."""
        wanted = self.terms.get("exercise", TOY if self.kind in {"starving", "talking"} else exercise.slug)
        return wanted == exercise.slug

    @property
    def can_succeed(self) -> bool:
        """Whether a stage that nothing holds is enough for it: the control of an attack on the machine."""
        return "control" not in self.terms and self.stopped_by.isdisjoint({"process", "clean-room"})


ATTACKS: Final = [Attack(path) for path in sorted(FOLDER.glob("*/*.py"))]


@dataclass
class Scene:
    """What one attack is given: a token, and if it names them, listeners and a process to go for."""

    attack: Attack
    world: Path
    canary: str
    exercise: Exercise
    token: str = field(default_factory=lambda: f"tok{uuid.uuid4().hex[:12]}")
    listeners: list[socket.socket] = field(default_factory=list[socket.socket])
    victim: subprocess.Popen[str] | None = None

    def source(self) -> str:
        """Return the submission: the attack with every place filled in, before the stub."""
        text = re.sub("@([A-Z]+)@", lambda match: self._place(match[1]), self.attack.source)
        if "def create_app" in text and self.exercise.slug in self.attack.terms.get("exercise", ""):
            return text
        return f"{text}\n{(self.exercise.stub / self.exercise.main_file).read_text(encoding='utf-8')}"

    def _place(self, name: str) -> str:
        exercise, world = self.exercise, self.world
        fixed = {
            "TOKEN": self.token,
            "GRADER": next(exercise.grader.glob("test_*.py")),
            "REFERENCE": exercise.solution / exercise.main_file,
            "MISTAKES": exercise.grader / "mistakes.toml",
            "ROOT": exercise.root,
            "HOME": world / "home",
            "NEIGHBOUR": world / "students" / "main.py",
            "OUTSIDE": world / "outside",
            "GRADERPID": os.getpid(),
        }
        if name == "VICTIM":
            return str(self._victim().pid)
        return str(fixed[name]) if name in fixed else self._listen(name)

    def _listen(self, name: str) -> str:
        """Open the listener of this name, and say where it is."""
        kind = socket.SOCK_DGRAM if name in {"UDP", "UNIXGRAM"} else socket.SOCK_STREAM
        if name in {"TCP", "UDP"}:
            return str(self._open(socket.AF_INET, kind, ("127.0.0.1", 0))[1])
        if name == "ABSTRACT":
            self._open(socket.AF_UNIX, kind, f"\0{self.token}")
            return self.token
        path = self.world / f"{self.token[:8]}{name[-1]}"
        self._open(socket.AF_UNIX, kind, str(path))
        path.chmod(0o777)
        return str(path)

    def _open(self, family: int, kind: int, address: str | tuple[str, int]) -> tuple[str, int]:
        listener = socket.socket(family, kind)
        listener.bind(address)
        listener.setblocking(False)
        if kind == socket.SOCK_STREAM:
            listener.listen()
        self.listeners.append(listener)
        return listener.getsockname()

    def _victim(self) -> subprocess.Popen[str]:
        if self.victim is None:
            self.victim = subprocess.Popen(
                [sys.executable, "-I", "-S", "-c", _VICTIM],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env={"CANARY": self.canary},
                start_new_session=True,
            )
            if self.victim.stdout is None or self.victim.stdout.readline() != "there\n":
                raise RuntimeError("the process to go for has not come up")
        return self.victim

    def was_reached(self) -> bool:
        """Whether anything came in from outside, which nobody but the attack sends."""
        for listener in self.listeners:
            try:
                if listener.type == socket.SOCK_DGRAM:
                    listener.recv(1)
                else:
                    listener.accept()[0].close()
            except BlockingIOError:
                continue
            return True
        return False

    def close(self) -> None:
        for listener in self.listeners:
            listener.close()
        if self.victim is not None:
            self.victim.communicate()


@dataclass
class Run:
    """What came of a run: for each attack the oracles by which it succeeded, and what was left of everything."""

    gained: dict[str, set[str]]
    cards: dict[str, Scorecard]
    neighbours: list[Scorecard]
    left_processes: list[str]
    left_files: list[str]

    def successes(self, attacks: Iterable[Attack]) -> dict[str, set[str]]:
        return {attack.name: self.gained[attack.name] for attack in attacks if self.gained.get(attack.name)}


class _World:
    """A folder with everything that an attack may be after."""

    def __init__(self, root: Path) -> None:
        self.root, self.canary = root, f"canary{uuid.uuid4().hex[:12]}"
        root.chmod(0o755)
        for name in (".netrc", ".ssh/id_ed25519", ".config/gh/hosts.yml"):
            self._plant(f"home/{name}")
        self._plant("students/main.py")
        with sqlite3.connect(root / "home" / "gradebook.sqlite") as book:
            book.execute("CREATE TABLE grades (secret)")
            book.execute("INSERT INTO grades VALUES (?)", [self.canary])
        book.close()
        (root / "home").chmod(0o777)
        (root / "outside").mkdir()
        (root / "outside").chmod(0o777)

    def _plant(self, name: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{self.canary}\n", encoding="utf-8")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        remove_tree(self.root)


def toy_exercise(root: Path) -> Exercise:
    """Return an exercise of a single check, in a repository with a history."""
    course = toy_course(root, WHOLE)
    line = "# nobody but the grader and its authors reads this line\n"
    for path in (course.exercise(TOY).grader / "mistakes.toml", course.exercise(TOY).solution / "main.py"):
        path.write_text(line + path.read_text(encoding="utf-8"), encoding="utf-8")
    objects = root / ".git" / "objects" / "ab"
    objects.mkdir(parents=True)
    (root / ".git" / "HEAD").write_text("ref: refs/heads/main\n", encoding="utf-8")
    (objects / "cd").write_bytes(zlib.compress(b"blob 3\0abc"))
    return course.exercise(TOY)


def run_attacks(exercise: Exercise, attacks: Sequence[Attack], protection: Protection) -> Run:
    """Grade all attacks on one exercise in one run, between right answers that must not notice."""
    answer = read_files(exercise, {name: exercise.solution / name for name in exercise.manifest.files})
    with _World(Path(tempfile.mkdtemp(prefix=WORLD))) as world:
        base = world.root / "temporary"
        base.mkdir()
        scenes = [Scene(attack, world.root, world.canary, exercise) for attack in attacks]
        tasks = [Task(scene.attack.name, _submission(scene, exercise, world.root)) for scene in scenes]
        middle = len(tasks) // 2
        tasks = [Task("first", answer), *tasks[:middle], Task("middle", answer), *tasks[middle:], Task("last", answer)]
        before = tempfile.tempdir
        tempfile.tempdir = str(base)
        try:
            cards = {task.key: card for task, card in zip(tasks, grade(tasks, protection=protection), strict=True)}
        finally:
            tempfile.tempdir = before
        hidden = _hidden_lines(exercise) | {world.canary}
        processes, files = _left_processes(world.root), [str(path) for path in base.iterdir()]
        gained = {scene.attack.name: _gains(scene, cards[scene.attack.name], hidden) for scene in scenes}
        for scene in scenes:
            scene.close()
        if processes and len(scenes) == 1:  # of several, nobody knows whose it was
            gained[scenes[0].attack.name].add("process")
    neighbours = [cards.pop(key) for key in ("first", "middle", "last")]
    return Run(gained, cards, neighbours, processes, files)


def _submission(scene: Scene, exercise: Exercise, world: Path) -> Submission:
    folder = world / "handed-in" / scene.attack.name
    folder.mkdir(parents=True)
    (folder / exercise.main_file).write_text(scene.source(), encoding="utf-8")
    return read_files(exercise, {name: folder / name for name in exercise.manifest.files})


def _hidden_lines(exercise: Exercise) -> set[str]:
    """Return lines of the checks, the answer and the mistakes that occur nowhere else."""
    paths = [
        *exercise.grader.glob("test_*.py"),
        exercise.solution / exercise.main_file,
        exercise.grader / "mistakes.toml",
    ]
    stub = (exercise.stub / exercise.main_file).read_text(encoding="utf-8")
    lines = {line.strip() for path in paths for line in path.read_text(encoding="utf-8").splitlines()}
    return {line for line in lines if len(line) > 40 and line not in stub and not line.startswith(("from ", "def "))}


def _gains(scene: Scene, card: Scorecard, hidden: set[str]) -> set[str]:
    """Tell by which oracles an attack has succeeded. Messages quote its source, so only what it printed counts."""
    printed = "".join(check.printed for check in card.checks) + card.message.partition("it printed:\n")[2]
    findings = {
        "points": bool(card.score),
        "read": any(line in printed for line in hidden),
        "done": scene.attack.succeeds == "done" and scene.token in printed,
        "sent": scene.was_reached(),
        "file": _remove_files(scene),
        "process": _end_processes(scene.token),
        "harmed": card.status is Status.ERROR or (scene.victim is not None and scene.victim.poll() is not None),
    }
    return {oracle for oracle, is_true in findings.items() if is_true}


def _remove_files(scene: Scene) -> bool:
    """Look for files with the token in their name wherever the suite leaves them; remove them."""
    library = Path(os.__file__).parent
    packages = Path(psutil.__file__).parents[1]
    places = [Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"), Path("/")]  # noqa: S108 - where attacks leave files
    found = [path for place in places if place.is_dir() for path in place.glob(f"*{scene.token}*")]
    for folder in (library, packages):
        found += [*folder.glob(f"*{scene.token}*"), *folder.glob(f"*/__pycache__/*{scene.token}*")]
        found += folder.glob(f"__pycache__/*{scene.token}*")
    for folder in (scene.world / "home", scene.world / "outside", scene.world / "students", scene.exercise.grader):
        found += _find(folder, scene.token)
    for path in found:
        remove_tree(path) if path.is_dir() and not path.is_symlink() else path.unlink(missing_ok=True)
    return bool(found)


def _find(folder: Path, token: str) -> Iterator[Path]:
    """Yield what has the token in its name, without going into it."""
    for top, folders, files in os.walk(folder):
        for name in [*folders, *files]:
            if token in name:
                yield Path(top, name)
        folders[:] = [name for name in folders if token not in name]


def _end_processes(token: str) -> bool:
    found = [process for process in psutil.process_iter() if token in " ".join(command_line(process))]
    for process in found:
        process.kill()
    return bool(found)


def _left_processes(world: Path) -> list[str]:
    """Return the stages and servers of a run that are alive although it is over."""
    return [
        " ".join(command_line(process))
        for process in psutil.process_iter()
        if "proctor.stage" in command_line(process) and str(world) in _home(process)
    ]


def _home(process: psutil.Process) -> str:
    try:
        return process.environ().get("HOME", "")
    except psutil.Error:
        return ""


def command_line(process: psutil.Process) -> list[str]:
    """Return the command of a process; empty where it has ended meanwhile or may not be looked at."""
    try:
        return process.cmdline()
    except psutil.Error:
        return []
