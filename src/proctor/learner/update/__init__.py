"""`proctor update`: brings a newer course into a learner's clone, and never touches the learner's work.

Theory of operation
-------------------
Work is a file that an exercise leaves to its learner, as soon as it differs from the course: on the disk, in the index
or in the learner's own commits. No step writes, moves or deletes such a file. Git is never asked to merge, to check out
a branch or to stash, because each of these may. Instead:

1. Everything is decided first, and nothing but git's store of objects grows meanwhile: what is new, what a merge commit
   would hold (it is put together in a place of its own), which files are work, which others are in the way (`command`).
2. The work is copied to ``.proctor/kept/``.
3. What is about to happen is noted in ``.proctor/update.json`` (`move`).
4. The other files are written, then the index, then the branch moves. The note goes last.

Whoever is killed before 3 has changed nothing. Whoever is killed later leaves the note, and the next update begins by
doing 4 again: the result is the same however often it is begun. What the learner has edited meanwhile becomes work, or
is copied before it is overwritten. Only a git that was killed itself leaves half a file, which is told by being the
beginning of the new one.

The update may replace the very code that runs it, so that all of it is imported before the first change.
"""

from proctor.learner.update.command import update

__all__ = ["update"]
