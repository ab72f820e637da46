"""A course of one exercise as students are given it: public checks alone, and a manifest that tells of the others."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tests.toy import DOUBLES, SLUG, check, toy_course

from proctor.catalog import Course, load_course
from proctor.released import FULL_SCORE, PublicCheck, Released, ReleasedExercise, path_of_released

__all__ = ["PUBLIC", "released_course"]

PUBLIC: Final = check("doubles", 25, DOUBLES, marks="@pytest.mark.public")


def released_course(
    root: Path, grader: str = PUBLIC, public: Mapping[str, int] | None = None, hidden_checks: int = 3
) -> Course:
    """Write a course as it is released, and load it.

    ``grader`` is the source of the public checks, and empty where all are hidden; ``public`` has what the manifest says
    of them, by id.
    """
    toy_course(root, grader)
    shutil.rmtree(root / "solutions")
    (root / "graders" / SLUG / "mistakes.toml").unlink()
    if not grader:
        shutil.rmtree(root / "graders" / SLUG)
    named = ({"doubles": 25} if grader else {}) if public is None else public
    entry = ReleasedExercise(
        public=tuple(PublicCheck(id=name, points=points) for name, points in named.items()),
        hidden_checks=hidden_checks,
        hidden_points=FULL_SCORE - sum(named.values()),
        commitment="5e" * 32,
    )
    released = Released(title="Toys", exercises={SLUG: entry})
    path_of_released(root).write_text(released.to_json(), encoding="utf-8")
    return load_course(root)
