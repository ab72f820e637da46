"""Proctor: a FastAPI exercise repository that grades itself.

Where to look: `proctor.checks` is what graders are written with, `proctor.grade.grade` turns submissions into
scorecards, `proctor.catalog.load_course` reads the course. This file stays empty of imports because the submission's
side of the fence loads it too.
"""

__version__ = "0.1.0"
