"""A learner's git clone: what `nox -s update` asks git about it, and the few things that it has git do.

Only plumbing of git is used: it says the same in every version, and does nothing beside what it is told. No method
writes the working tree, the index or a branch, except `write_files`, `write_index` and `move_branch`.
"""

import fcntl
import os
import shutil
import stat
from collections.abc import Collection, Generator, Iterable, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Final, NamedTuple

from proctor.errors import UsageError
from proctor.hostile_text import one_line
from proctor.learner.update.git_command import AGAIN, Git, lines, records

__all__ = ["Clone", "Entry", "Join", "Tree"]

NO_FILE: Final = "no file"
"""Stands for the id of a folder, a socket and the like; git gives it to nothing."""

CLONE_IT: Final = "Clone the course beside it (`git clone ADDRESS`) and copy your files of `exercises/` over"
_UNFINISHED: Final = {
    "rebase-merge": ("a rebase", "`git rebase --continue` or `git rebase --abort`"),
    "rebase-apply": ("a rebase", "`git rebase --continue` or `git rebase --abort`"),
    "MERGE_HEAD": ("a merge", "`git merge --continue` or `git merge --abort`"),
    "CHERRY_PICK_HEAD": ("a cherry-pick", "`git cherry-pick --continue` or `git cherry-pick --abort`"),
    "REVERT_HEAD": ("a revert", "`git revert --continue` or `git revert --abort`"),
    "BISECT_LOG": ("a bisection", "`git bisect reset`"),
}


class Entry(NamedTuple):
    """What git knows of a file: its mode and the id of its content."""

    mode: str
    id: str


Tree = Mapping[str, Entry]
"""The files of a commit, by path."""


class Join(NamedTuple):
    """What came of joining two lines of commits: a tree, or the files that both have changed in the same place."""

    tree: str
    conflicts: list[str]


class Clone:
    """The git clone that a course lies in. Every method raises UsageError, with git's words, when git fails."""

    def __init__(self, root: Path) -> None:
        """Find the clone. Raises UsageError where git is not installed, or where the course is no clone."""
        self.root = root.absolute()
        self.own = self.root / ".proctor"
        self._scratch = self.own / "update"
        self.git = Git(self.root)
        self._trees: dict[str, Tree] = {}
        facts = ("--show-toplevel", "--absolute-git-dir", "--is-shallow-repository")
        code, output, complaint = self.git.run("rev-parse", *facts)
        if code and "not a git repository" not in complaint:
            raise UsageError(f"git refuses to work in `{self.root}`: {complaint}. Mend that. {AGAIN}")
        top, folder, is_shallow = os.fsdecode(output).rstrip("\n").split("\n") if not code else ("", "", "")
        if not top or not self.root.samefile(top):
            raise UsageError(f"`{self.root}` is no git clone, so there is nothing to update it from. {CLONE_IT}.")
        self._folder = Path(folder)
        self._is_shallow = is_shallow == "true"

    @contextmanager
    def alone(self) -> Generator[None]:
        """Keep other updates out as long as this one is at work, or a git that it has started."""
        self.own.mkdir(exist_ok=True)
        with (self.own / "update.lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise UsageError(f"another update is at work in `{self.root}`: wait until it has ended") from None
            self.git.held = (file.fileno(),)
            try:
                shutil.rmtree(self._scratch, ignore_errors=True)
                self._scratch.mkdir()
                yield
            finally:
                self.git.held = ()
                shutil.rmtree(self._scratch, ignore_errors=True)

    def branch(self) -> str:
        """Return the branch, in full. Raises UsageError where there is none, or where something else is half done."""
        for name, (what, advice) in _UNFINISHED.items():
            if (self._folder / name).exists():
                raise UsageError(f"`{self.root}` is in the middle of {what}: end it with {advice}. {AGAIN}")
        lock = self._folder / "index.lock"
        if lock.exists():
            raise UsageError(
                f"git is at work in `{self.root}`, or was stopped in the middle: wait until it has ended. If no git is "
                f"running, delete `{lock}`. {AGAIN}"
            )
        branch = self.git.asked("symbolic-ref", "--quiet", "HEAD")
        if branch is None:
            raise UsageError(
                f"`{self.root}` is on no branch (git calls that a detached HEAD): `git switch main` goes to the branch "
                f"of that name, `git switch -c my-work` begins one with what is here. {AGAIN}"
            )
        if self.git.asked("rev-parse", "--verify", "--quiet", "HEAD^{commit}") is None:
            raise UsageError(f"`{self.root}` has no commit yet, so it is no clone of the course. {CLONE_IT}.")
        if self._is_shallow:
            raise UsageError(
                f"`{self.root}` is a shallow clone: where its history is cut off, nobody can tell your work from the "
                f"course. `git fetch --unshallow` brings the rest. {AGAIN}"
            )
        return branch

    def commit(self, name: str = "HEAD") -> str:
        """Return the id of a commit."""
        return self.git.text("rev-parse", "--verify", f"{name}^{{commit}}")

    def described(self, commit: str) -> str:
        """Return the short id and the date of a commit, for a message."""
        line = self.git.text("log", "-1", "--no-show-signature", "--date=short", "--format=%h %cd", commit)
        return "`{}` ({})".format(*line.split())

    def contains(self, commit: str, other: str) -> bool:
        """Return whether a commit has another one in its history."""
        return self.git.asked("merge-base", "--is-ancestor", other, commit) is not None

    def beginning(self, ours: str, theirs: str, source: str) -> str:
        """Return the commit of the course where the learner's own commits begin.

        The course may have been rewritten since. What was fetched of it earlier is not the learner's then either, and
        git remembers that (``--fork-point``).
        """
        fork = self.git.asked("merge-base", "--fork-point", f"refs/remotes/{source}", ours)
        base = fork or self.git.asked("merge-base", ours, theirs)
        if base is None:
            raise UsageError(f"the commits in `{self.root}` have nothing in common with `{source}`. {CLONE_IT}.")
        return base

    def tree(self, commit: str) -> Tree:
        """Return the files of a commit."""
        if commit not in self._trees:
            listing = [record.partition("\t") for record in records(self.git.output("ls-tree", "-r", "-z", commit))]
            self._trees[commit] = {name: Entry(*about.split(" ")[::2]) for about, _, name in listing}
        return self._trees[commit]

    def index(self) -> Tree:
        """Return the files that the next commit would have."""
        listing = [record.partition("\t") for record in records(self.git.output("ls-files", "--stage", "-z"))]
        return {name: Entry(*about.split(" ")[:2]) for about, _, name in listing}

    def uncommitted(self) -> set[str]:
        """Return the files of the last commit, or of the next one, that differ. Raises UsageError for conflicts."""
        changed: set[str] = set()
        status = self.git.output("status", "--porcelain", "-z", "--untracked-files=no", "--no-renames")
        for record in records(status):
            code, name = record[:2], record[3:]
            if "U" in code or code in {"AA", "DD"}:
                raise UsageError(f"`{one_line(name)}` still has a conflict: edit it, then `git add` it. {AGAIN}")
            changed.add(name)
        return changed

    def on_disk(self, names: Iterable[str]) -> dict[str, str | None]:
        """Return the ids of what lies at these paths, whatever the index says of it; None where nothing does."""
        found: dict[str, str | None] = {}
        files: list[str] = []
        for name in names:
            try:
                mode = (self.root / name).lstat().st_mode
            except (FileNotFoundError, NotADirectoryError):
                found[name] = None
                continue
            if stat.S_ISREG(mode):
                files.append(name)
            elif stat.S_ISLNK(mode):
                target = os.fsencode((self.root / name).readlink())
                found[name] = self.git.output("hash-object", "--stdin", given=target).decode().strip()
            else:
                found[name] = NO_FILE
        identities = self.git.output("hash-object", "--stdin-paths", given=lines(files, b"\n")).decode().split()
        return found | dict(zip(files, identities, strict=True))

    def contents(self, identities: Collection[str]) -> dict[str, bytes]:
        """Return the contents that have these ids."""
        wanted = list(dict.fromkeys(identities))
        rest = self.git.output("cat-file", "--batch", given=lines(wanted, b"\n"))
        contents: dict[str, bytes] = {}
        for identity in wanted:
            header, _, rest = rest.partition(b"\n")
            size = int(header.split()[2])
            contents[identity], rest = rest[:size], rest[size + 1 :]
        return contents

    def join(self, base: str, ours: str, theirs: str, settled: Mapping[str, Entry | None]) -> Join:
        """Join two lines of commits, in a place of its own; ``settled`` says what becomes of some of the files."""
        place = Path(mkdtemp(dir=self._scratch))
        index = place / "index"
        files = place / "files"
        files.mkdir()
        self.git.output("read-tree", "-i", "-m", "--aggressive", base, ours, theirs, index=index)
        self.git.output("update-index", "-z", "--index-info", given=_entered(settled, len(ours)), index=index)
        self.git.run(  # how it ends does not matter: what it could not join is asked for next
            *("merge-index", "-o", "-q", "git-merge-one-file", "-a"),
            at=files,
            variables={"GIT_DIR": str(self._folder), "GIT_WORK_TREE": str(files), "GIT_INDEX_FILE": str(index)},
        )
        left = records(self.git.output("ls-files", "--unmerged", "-z", index=index))
        if left:
            return Join("", sorted({record.partition("\t")[2] for record in left}))
        return Join(self.git.output("write-tree", index=index).decode().strip(), [])

    def commit_tree(self, tree: str, parents: Iterable[str], message: str) -> str:
        """Make a commit that is on no branch yet, and return its id. Who has told git no name goes without one."""
        strangers = {"user.name": "learner", "user.email": "learner@localhost"}
        unknown = [
            f"{key}={value}" for key, value in strangers.items() if self.git.asked("config", "--get", key) is None
        ]
        settings = [word for setting in unknown for word in ("-c", setting)]
        descent = [word for parent in parents for word in ("-p", parent)]
        return self.git.text(*settings, "commit-tree", tree, *descent, "-m", message)

    def write_files(self, commit: str, names: Iterable[str]) -> None:
        """Write files of a commit over what lies there."""
        index = Path(mkdtemp(dir=self._scratch)) / "index"
        self.git.output("read-tree", commit, index=index)
        wanted = lines(names)
        self.git.output("checkout-index", "--force", "--quiet", "-z", "--stdin", given=wanted, index=index)

    def write_index(self, entries: Mapping[str, Entry | None], length: int) -> None:
        """Enter files into what the next commit would have; None takes one out. ``length`` is that of an id."""
        self.git.output("update-index", "-z", "--index-info", given=_entered(entries, length))

    def move_branch(self, branch: str, old: str, new: str, reason: str) -> None:
        """Have a branch point to another commit, unless it has moved meanwhile."""
        self.git.output("update-ref", "-m", reason, branch, new, old)


def _entered(entries: Mapping[str, Entry | None], length: int) -> bytes:
    """Return entries as `git update-index --index-info` reads them; what goes makes room for what comes."""
    gone = [f"0 {'0' * length}\t{name}" for name, entry in entries.items() if entry is None]
    come = [f"{entry.mode} {entry.id}\t{name}" for name, entry in entries.items() if entry is not None]
    return lines([*gone, *come])
