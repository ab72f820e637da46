"""`proctor release`: makes the student tree of a course and the teacher's key, or says why not and leaves nothing.

Theory of operation
-------------------
The tree is written into a folder beside its place, under a name of its own. All gates are asked about it there, as it
lies on disk. Only when none of them objects the key is written, and then the folder gets its name, in one step. So
there is either a whole tree that has passed every gate, or none; what a kill leaves is a folder whose name says what it
is, or a key that belongs to nothing.
"""

import shutil
import tempfile
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from proctor.catalog import Course, find_root, load_course
from proctor.errors import CourseError, Interrupted, UsageError
from proctor.isolation.protection import Protection
from proctor.release.cut import GraderCut, cut_graders
from proctor.release.gates import Tree, objections_on_disk
from proctor.release.key_file import Key, write_key
from proctor.release.objection import Objection, Refused
from proctor.release.promise import promise
from proctor.release.secret_lines import SecretLines
from proctor.release.student_tree import list_tree
from proctor.release.trial import Trial, findings_in_course, objections_to_tree, try_answers, unavailable
from proctor.released import Released, insist_on_all_checks
from proctor.terminal import Terminal
from proctor.verdict import CheckSpec

__all__ = ["Wish", "release"]


@dataclass(frozen=True)
class Wish:
    """Where the tree goes, and the key: beside the tree where no place is named."""

    out: Path
    key: Path | None = None

    @property
    def key_path(self) -> Path:
        """Where the key goes."""
        out = self.out.resolve()
        return self.key or out.with_name(f"{out.name}.key.json")


def release(wish: Wish, terminal: Terminal, protection: Protection | None = None) -> None:
    """Make the tree and the key.

    Raises UsageError for a place where they cannot go, and in a course that was released itself. Raises Refused, with
    everything that is wrong, when the course must not be released; nothing is left then.
    """
    root = find_root(Path.cwd())
    insist_on_all_checks(root, "a release is made")
    _insist_on_places(wish, root)
    wish = Wish(wish.out.resolve(), wish.key_path.resolve())  # told without `..`
    course = load_course(root)
    try:
        _release(course, wish, terminal, protection)
    except KeyboardInterrupt:
        raise Interrupted("interrupted; nothing was written") from None


def _release(course: Course, wish: Wish, terminal: Terminal, protection: Protection | None) -> None:
    terminal.line("Stub and reference of every exercise are graded, here and in the tree of students.")
    cut = cut_graders(course)
    with terminal.progress() as progress:
        trial = try_answers(course, course, protection=protection, progress=progress)
    objections = _objections_to_course(course, cut, trial)
    if _is_hopeless(course, trial):
        raise Refused(objections)
    key, released = promise(course, trial.specs, cut)
    listed = list_tree(course, cut.files, released)
    objections += listed.objections
    with _beside(wish.out) as folder:
        listed.write(folder)
        objections += _try_tree(course, folder, terminal, protection)
        secrets = SecretLines.of(course, cut, listed.files)
        objections += objections_on_disk(Tree(folder, course, listed.files, secrets, key))
        if objections:
            raise Refused(objections)
        _put_in_place(folder, wish, key)
    _tell(terminal, wish, released, unavailable(trial))


def _try_tree(course: Course, folder: Path, terminal: Terminal, protection: Protection | None) -> list[Objection]:
    """Have the tree judge the answers of the course."""
    try:
        tree = load_course(folder)
    except CourseError as error:
        return [Objection(".", f"is no course: {error}", "see what is missing")]
    with terminal.progress() as progress:
        return [*objections_to_tree(tree, try_answers(tree, course, protection=protection, progress=progress))]


def _insist_on_places(wish: Wish, root: Path) -> None:
    """Raise UsageError unless tree and key can go where they should."""
    out = wish.out.resolve()
    if out == root.resolve() or root.resolve() in out.parents:
        raise UsageError(f"`{wish.out}` is in the course itself: name a folder outside, such as `../students`")
    if wish.out.is_symlink() or (out.exists() and not (out.is_dir() and not any(out.iterdir()))):
        raise UsageError(f"`{wish.out}` is there already: name a folder that does not exist, or an empty one")
    if not out.parent.is_dir():
        raise UsageError(f"`{wish.out}` cannot be made: there is no folder `{out.parent}`")
    key = wish.key_path.resolve()
    if key == out or out in key.parents:
        raise UsageError(f"the key `{wish.key_path}` would go to students: keep it outside of `{wish.out}`")
    if key.exists() or wish.key_path.is_symlink():
        raise UsageError(f"there is a key `{wish.key_path}` already, which opens another release: keep it elsewhere")
    if not key.parent.is_dir():
        raise UsageError(f"the key `{wish.key_path}` cannot be written: there is no folder `{key.parent}`")


def _objections_to_course(course: Course, cut: GraderCut, trial: Trial) -> list[Objection]:
    """Say what is wrong with a teacher's course, beside what shows in the tree."""
    objections = [Objection("graders", f"hold what cannot be collected: {one}", "correct it") for one in trial.broken]
    for finding in findings_in_course(course, trial):
        told = f"{finding.what}\n    {finding.evidence}" if finding.evidence else finding.what
        objections.append(Objection(finding.where, told, finding.remedy))
    for slug, specs in trial.specs.items():
        if {spec.id for spec in specs} != {*cut.public[slug], *cut.hidden[slug]}:
            what = "holds checks that pytest finds and the cut does not, or the other way round"
            objections.append(Objection(f"graders/{slug}", what, "write checks as functions of the module"))
    return objections


def _is_hopeless(course: Course, trial: Trial) -> bool:
    """Tell whether there is no manifest to be made of these points."""
    return any(not _is_whole(trial.specs.get(exercise.slug, ()), exercise.max_score) for exercise in course)


def _is_whole(specs: Sequence[CheckSpec], points: int) -> bool:
    return sum(spec.points for spec in specs) == points and len({spec.id for spec in specs}) == len(specs)


@contextmanager
def _beside(out: Path) -> Generator[Path]:
    """Make a folder beside a place, on the same disk; take it away, unless it has been moved."""
    try:
        folder = Path(tempfile.mkdtemp(prefix=f".{out.name}.unfinished-", dir=out.parent))
    except OSError as error:
        raise UsageError(f"`{out}` cannot be made: {error.strerror}") from error
    try:
        yield folder
    finally:
        if folder.exists():
            shutil.rmtree(folder)


def _put_in_place(folder: Path, wish: Wish, key: Key) -> None:
    """Write the key, and give the tree its name; neither without the other."""
    folder.chmod(0o755)  # made for one account alone, it is to be read by others
    write_key(wish.key_path, key)
    try:
        folder.rename(wish.out)
    except BaseException as error:
        wish.key_path.unlink()
        if isinstance(error, OSError):
            raise UsageError(f"`{wish.out}` cannot be made: {error.strerror}") from error
        raise


def _tell(terminal: Terminal, wish: Wish, released: Released, missing: Mapping[str, str]) -> None:
    exercises = released.exercises.values()
    public = sum(len(exercise.public) for exercise in exercises)
    hidden = sum(exercise.hidden_checks for exercise in exercises)
    points = sum(exercise.public_points for exercise in exercises)
    terminal.line(f"{wish.out}: what students get (exercises: {len(exercises)})")
    terminal.line(f"public checks: {public}, worth {points} points; hidden checks: {hidden}", indent=2)
    terminal.line(f"{wish.key_path}: the key, for you alone; it shows later that the hidden checks were these")
    for slug, why in missing.items():
        terminal.line(f"{slug} was not graded here: {why}", style="yellow")
    terminal.line("No mutants were graded: `nox -s verify` does that.")
    terminal.line("Next: make a repository of the tree (`git init` in it), so that no history of yours goes with it.")
