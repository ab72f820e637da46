"""Where a newer course comes from: a remote of the clone, and a branch of it."""

from typing import NamedTuple

from proctor.errors import UsageError, did_you_mean
from proctor.learner.update.clone import Clone
from proctor.learner.update.course_change import listed
from proctor.learner.update.git_command import AGAIN

__all__ = ["Source", "choose", "fetch"]


class Source(NamedTuple):
    """A branch of a remote."""

    remote: str
    branch: str

    def __str__(self) -> str:
        return f"{self.remote}/{self.branch}"


def choose(clone: Clone, branch: str, wanted: str | None) -> Source:
    """Return where the course of this clone comes from: what is wanted, else `upstream`, else what the branch follows.

    ``wanted`` is ``REMOTE`` or ``REMOTE/BRANCH``. Raises UsageError when that is not there, or nothing is.
    """
    remotes = clone.git.text("remote").split()
    if not remotes:
        raise UsageError(
            f"`{clone.root}` does not know where a newer course would come from. Tell it: "
            f"`git remote add upstream ADDRESS`. {AGAIN}"
        )
    if wanted is not None:
        named = [remote for remote in remotes if f"{wanted}/".startswith(f"{remote}/")]
        if not named:
            raise UsageError(f"`--from {wanted}` begins with no remote of this clone. {did_you_mean(wanted, remotes)}")
        remote = max(named, key=len)
        return Source(remote, wanted.removeprefix(remote).strip("/") or _shown_first(clone, remote))
    followed, its_branch = _followed(clone, branch)
    remote = next((name for name in ("upstream", followed, "origin") if name in remotes), None)
    if remote is None:
        raise UsageError(f"none of the remotes {listed(remotes)} is `upstream` or `origin`: name one, `--from REMOTE`")
    return Source(remote, its_branch if remote == followed and its_branch else _shown_first(clone, remote))


def fetch(clone: Clone, source: Source) -> str:
    """Bring the commits of a source; return the id of the last one."""
    kept = f"refs/remotes/{source}"
    clone.git.text("fetch", "--quiet", source.remote, f"+refs/heads/{source.branch}:{kept}")
    return clone.commit(kept)


def _followed(clone: Clone, branch: str) -> tuple[str, str]:
    """Return the remote and the branch of it that a branch follows; empty where it follows none."""
    key = f"branch.{branch.removeprefix('refs/heads/')}"
    remote, merge = (clone.git.asked("config", "--get", f"{key}.{name}") or "" for name in ("remote", "merge"))
    return remote, merge.removeprefix("refs/heads/")


def _shown_first(clone: Clone, remote: str) -> str:
    """Return the default branch of a remote."""
    known = clone.git.asked("symbolic-ref", "--quiet", f"refs/remotes/{remote}/HEAD")
    if known is not None:
        return known.removeprefix(f"refs/remotes/{remote}/")
    for line in clone.git.text("ls-remote", "--symref", remote, "HEAD").splitlines():
        if line.startswith("ref: refs/heads/"):
            return line.partition("\t")[0].removeprefix("ref: refs/heads/")
    raise UsageError(f"`{remote}` does not say which branch is the course: name it, `--from {remote}/BRANCH`")
