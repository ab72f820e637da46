"""One update as a thing that can be noted, done, and done again after it was killed: from one commit to another."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Final, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from proctor.errors import UsageError
from proctor.learner.keeping import keep, replace_file
from proctor.learner.update.clone import NO_FILE, Clone, Entry
from proctor.learner.update.course_change import files_of_learners, listed, outlines
from proctor.learner.update.git_command import AGAIN

__all__ = ["Move", "Pieces", "begun_move", "insist_on_room", "perform", "pieces_of", "resumed", "strange_files"]

NOTE: Final = "update.json"

Pieces = Mapping[str, tuple[Entry | None, Entry | None]]
"""What two commits differ in: each path with what it was and what it becomes."""


class Move(BaseModel):
    """From commit ``old`` of a branch to ``new``, because the course has moved from ``base`` to ``theirs``.

    ``work`` has the paths that are left alone, ``kept`` is the folder with the copy of them below the root, or empty.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    branch: str
    base: str
    theirs: str
    old: str
    new: str
    work: tuple[str, ...]
    kept: str = ""

    @classmethod
    def read(cls, path: Path) -> Self | None:
        """Return what was noted, or None where nothing was, or nothing that can be understood."""
        try:
            return cls.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            return None
        except ValidationError:  # another Proctor's
            path.unlink()
            return None

    def with_copy(self, clone: Clone, names: Collection[str]) -> Self:
        """Copy these files of the learner; return a move that says where to."""
        files = {_kept_name(name): (clone.root / name) for name in names}
        contents = {name: path.read_bytes() for name, path in files.items() if path.is_file()}
        if not contents:
            return self
        return self.model_copy(update={"kept": keep(clone.root, "update", contents).relative_to(clone.root).as_posix()})


def pieces_of(clone: Clone, move: Move) -> Pieces:
    """Return what the clone's old and new commit differ in."""
    old, new = clone.tree(move.old), clone.tree(move.new)
    names = sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
    return {name: (old.get(name), new.get(name)) for name in names}


def strange_files(pieces: Pieces, disk: Mapping[str, str | None]) -> set[str]:
    """Return the files that are neither what they were nor what they become."""
    known = {name: {None, NO_FILE, *(entry.id for entry in piece if entry)} for name, piece in pieces.items()}
    return {name for name in pieces if disk[name] not in known[name]}


def insist_on_room(clone: Clone, pieces: Pieces, disk: Mapping[str, str | None], strangers: Collection[str]) -> None:
    """Raise UsageError when files that the course knows nothing of lie where new ones belong."""
    in_the_way = set(strangers)
    for name in pieces:
        for parent in PurePosixPath(name).parents:
            path = clone.root / parent
            if str(parent) not in pieces and (path.is_symlink() or (path.exists() and not path.is_dir())):
                in_the_way.add(str(parent))
        if disk[name] == NO_FILE and any(
            not path.is_dir() and path.relative_to(clone.root).as_posix() not in pieces
            for path in (clone.root / name).rglob("*")
        ):
            in_the_way.add(name)
    if in_the_way:
        raise UsageError(
            f"{listed(in_the_way)} in `{clone.root}`: not part of the course, and in the way of new files that are "
            f"called the same. Nothing has changed. Move or rename what is in the way. {AGAIN}"
        )


def perform(clone: Clone, move: Move, pieces: Pieces) -> None:
    """Do it all, wherever an earlier try has got to. Raises UsageError when git fails; then it can be tried again."""
    note = clone.own / NOTE
    written = {name: becomes for name, (_, becomes) in pieces.items() if name not in move.work}
    try:
        replace_file(note, move.model_dump_json().encode())
        for name in [name for name, becomes in written.items() if becomes is None]:
            _remove(clone.root, name)
        clone.write_files(move.new, [name for name, becomes in written.items() if becomes is not None])
        index = clone.index()
        staged = {name for name in move.work if name in pieces and index.get(name) != pieces[name][0]}
        clone.write_index({name: becomes for name, (_, becomes) in pieces.items() if name not in staged}, len(move.old))
        clone.move_branch(move.branch, move.old, move.new, "proctor update")
        note.unlink()
    except UsageError as error:
        copy = f", and a copy is in `{move.kept}`" if move.kept else ""
        raise UsageError(
            f"{error}\nThe update is half done, and goes on then. Your work is in its place{copy}."
        ) from error


def begun_move(clone: Clone, branch: str) -> Move | None:
    """Return what an earlier update has begun and not ended, unless somebody has gone on without it."""
    note = clone.own / NOTE
    move = Move.read(note)
    if move is not None and (branch != move.branch or clone.commit() not in {move.old, move.new}):
        note.unlink()
        return None
    return move


def resumed(clone: Clone, move: Move) -> Move:
    """Do again what was begun; return the move with what has become work since."""
    if clone.commit() == move.new:
        (clone.own / NOTE).unlink()
        return move
    pieces = pieces_of(clone, move)
    disk = clone.on_disk(pieces)
    strange = strange_files(pieces, disk)
    halves = _halves(clone, {name: becomes.id for name in strange if (becomes := pieces[name][1])})
    files = files_of_learners(*(outlines(clone, clone.tree(commit)) for commit in (move.base, move.old, move.theirs)))
    index = clone.index()
    untouched = {name for name, (was, _) in pieces.items() if was and disk[name] == was.id and index.get(name) == was}
    work = {*move.work} - untouched | (strange - halves) & files
    move = move.model_copy(update={"work": tuple(sorted(work))})
    insist_on_room(clone, {name: piece for name, piece in pieces.items() if name not in move.work}, disk, ())
    move = move.with_copy(clone, {*move.work, *strange})
    perform(clone, move, pieces)
    return move


def _halves(clone: Clone, names: Mapping[str, str]) -> set[str]:
    """Return the files that are the beginning of what they should become."""
    contents = clone.contents(names.values())
    paths = {name: clone.root / name for name in names}
    return {name for name, path in paths.items() if contents[names[name]].startswith(path.read_bytes())}


def _kept_name(name: str) -> str:
    """Return where in the copy a file belongs: below its exercise, or aside."""
    room, _, rest = name.partition("/")
    return rest if room == "exercises" and "/" in rest else f"_elsewhere/{name}"


def _remove(root: Path, name: str) -> None:
    """Remove a file, and the folders that are empty without it."""
    path = root / name
    if path.is_symlink() or path.is_file():
        path.unlink()
    with suppress(OSError):  # the first folder that is not empty ends it
        for folder in path.parents:
            if folder == root:
                break
            folder.rmdir()
