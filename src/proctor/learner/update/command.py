"""Deciding on an update: what is newer, what is the learner's work, and whether anything speaks against it."""

import shlex
from collections.abc import Collection, Iterator
from pathlib import Path

from proctor.errors import Interrupted, UsageError
from proctor.hostile_text import one_line
from proctor.learner.update.clone import Clone, Tree
from proctor.learner.update.course_change import change_lines, files_of_learners, listed, outlines
from proctor.learner.update.git_command import AGAIN
from proctor.learner.update.move import Move, begun_move, insist_on_room, perform, pieces_of, resumed, strange_files
from proctor.learner.update.source import choose, fetch

__all__ = ["update"]


def update(root: Path, source: str | None = None) -> Iterator[str]:
    """Bring a newer course into the clone at ``root``; yield the lines to show.

    ``source`` names another place than the usual one, as ``REMOTE`` or ``REMOTE/BRANCH``. Raises UsageError when it
    cannot be done: then nothing has changed, or the message says how it goes on. Raises Interrupted on Ctrl-C.
    """
    try:
        clone = Clone(root)
        with clone.alone():
            branch = clone.branch()
            if begun := begun_move(clone, branch):
                yield "An earlier update was stopped in the middle. It is done first."
                yield from _told(clone, resumed(clone, begun))
            place = choose(clone, branch, source)
            yield f"Asking `{place.remote}` for a newer course, branch `{place.branch}` ..."
            yield from _bring(clone, branch, str(place), fetch(clone, place))
    except KeyboardInterrupt:
        raise Interrupted("interrupted; your work is in its place. `nox -s update` goes on from here") from None
    except OSError as error:
        raise UsageError(f"`{root}` was not updated: {error}. Your work is in its place. Mend that. {AGAIN}") from error


def _bring(clone: Clone, branch: str, source: str, theirs: str) -> Iterator[str]:
    old = clone.commit()
    if clone.contains(old, theirs):
        yield f"Nothing new: you have the course of `{source}` as it is now, {clone.described(theirs)}."
        return
    is_ahead = clone.contains(theirs, old)
    base = old if is_ahead else clone.beginning(old, theirs, source)
    base_tree, old_tree = clone.tree(base), clone.tree(old)
    files = files_of_learners(*(outlines(clone, tree) for tree in (base_tree, old_tree, clone.tree(theirs))))
    uncommitted = clone.uncommitted()
    work = _work(clone, files, uncommitted, base_tree, old_tree)
    if uncommitted - work:
        raise _not_committed(clone, uncommitted - work)
    new = theirs if is_ahead else _joined(clone, base, old, theirs, source, work)
    move = Move(branch=branch, base=base, theirs=theirs, old=old, new=new, work=tuple(sorted(work)))
    pieces = pieces_of(clone, move)
    others = {name: piece for name, piece in pieces.items() if name not in work}
    disk = clone.on_disk(others)
    strange = strange_files(others, disk)
    if hidden := {name for name in strange if name in old_tree}:  # git was told to overlook them
        raise _not_committed(clone, hidden)
    insist_on_room(clone, others, disk, strange)
    move = move.with_copy(clone, work)
    perform(clone, move, pieces)
    yield from _told(clone, move)


def _work(clone: Clone, files: Collection[str], uncommitted: Collection[str], base: Tree, old: Tree) -> set[str]:
    """Return which of the learner's files differ from the course, wherever they do."""
    index = clone.index()
    disk = clone.on_disk(files)
    pristine = {name: base[name].id if name in base else None for name in files}
    return {
        name
        for name in files
        if name in uncommitted
        or disk[name] != pristine[name]
        or old.get(name) != base.get(name)
        or index.get(name) != old.get(name)
    }


def _joined(clone: Clone, base: str, old: str, theirs: str, source: str, work: Collection[str]) -> str:
    """Make a merge commit in which every file that the learner has committed work in is the learner's."""
    before, ours = clone.tree(base), clone.tree(old)
    join = clone.join(base, old, theirs, {name: ours.get(name) for name in work if ours.get(name) != before.get(name)})
    if not join.conflicts:
        return clone.commit_tree(join.tree, (old, theirs), f"Bring in the newer course of {source}")
    back = [name for name in join.conflicts if name in before]
    advice = (
        f"`git checkout {base[:10]} -- {_words(back)}` puts back what the course had; commit that. " if back else ""
    )
    raise UsageError(
        f"{listed(join.conflicts)} in `{clone.root}`: changed in your commits, and otherwise in the newer course. "
        f"Nothing has changed. {advice}Or join both by hand: `git merge {source}`. {AGAIN}"
    )


def _not_committed(clone: Clone, names: Collection[str]) -> UsageError:
    words = _words(names)
    return UsageError(
        f"{listed(names)} in `{clone.root}`: changed, not committed, and not the file of an exercise. Nothing has "
        f"changed. Commit it (`git commit -m mine -- {words}`), or put it aside (`git stash push -- {words}`, later "
        f"`git stash pop`). {AGAIN}"
    )


def _words(names: Collection[str]) -> str:
    """Return paths as words of a command that can be copied."""
    return one_line(shlex.join(sorted(names)))


def _told(clone: Clone, move: Move) -> Iterator[str]:
    yield from change_lines(clone, move.base, move.theirs, move.work)
    if move.new != move.theirs:
        yield f"It is joined with your own commits in {clone.described(move.new)}."
    if move.kept:
        yield f"Your work is in its place; a copy of it is in `{move.kept}`."
