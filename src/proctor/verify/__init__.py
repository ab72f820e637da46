"""Proof that grades are right: known answers, mutants, repetition.

``reading.py`` reads the course, ``known_answers.py`` what is handed in for it. ``rules/`` holds the rules, one file a
concept, and ``audit.py`` asks them; ``killing.py`` and ``other_words.py`` change right answers, ``tools.py`` asks other
tools. ``examination.py`` puts one run together; ``endurance.py`` is the other kind of run, with ``repetition.py``.
``report.py`` and ``board.py`` tell either, ``command.py`` is the command.

To add a rule, write a function that takes a `Subject` and yields a `Flaw` for everything that is not so, let its
docstring be the sentence of the rule, and put it into ``RULES``, or into ``GRADED_RULES`` if it asks what came of the
answers.
"""

from proctor.verify.audit import audit, grade_answers
from proctor.verify.command import Options, verify
from proctor.verify.examination import Wishes, examine
from proctor.verify.finding import Finding, Flaw, Weight
from proctor.verify.known_answers import tasks_of
from proctor.verify.repetition import Repetition
from proctor.verify.report import ExerciseReport, MutantCounts, VerifyReport, verify_schema
from proctor.verify.subject import Subject

__all__ = [
    "ExerciseReport",
    "Finding",
    "Flaw",
    "MutantCounts",
    "Options",
    "Repetition",
    "Subject",
    "VerifyReport",
    "Weight",
    "Wishes",
    "audit",
    "examine",
    "grade_answers",
    "tasks_of",
    "verify",
    "verify_schema",
]
