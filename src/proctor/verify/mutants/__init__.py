"""Right answers with one small mistake each: do the checks of an exercise see every one of them?

Of the existing libraries, cosmic-ray can be called on a text (``mutate_code``), but has no operators for texts,
statements, arguments and returned values, and brings sqlalchemy and aiohttp; mutmut leaves decorated functions alone,
which is where routes are. So all operators are ours, on LibCST, which keeps every character that is not changed.

``scene.py`` knows the surroundings of a node, ``operators/`` proposes changes, ``mutant.py`` makes mutants of them,
``rewording.py`` changes what is free,
``survivors.py`` has them graded, ``equivalents.py`` reads those that nobody can tell from the right answer, and
``memory.py`` keeps what need not be graded again.
"""

from proctor.verify.mutants.answers import task_of, texts_of_right_answers
from proctor.verify.mutants.equivalents import Equivalent, read_equivalents, stale_entries
from proctor.verify.mutants.mutant import Mutant, mutants_of
from proctor.verify.mutants.rewording import reworded
from proctor.verify.mutants.survivors import Fate, Finding, Findings, find_survivors

__all__ = [
    "Equivalent",
    "Fate",
    "Finding",
    "Findings",
    "Mutant",
    "find_survivors",
    "mutants_of",
    "read_equivalents",
    "reworded",
    "stale_entries",
    "task_of",
    "texts_of_right_answers",
]
