"""Every fact says in one sentence what holds, and names exercises that there are."""

import re
from pathlib import Path

import pytest

from proctor.catalog import load_course

ROOT = Path(__file__).parents[2]


@pytest.fixture
def facts(request: pytest.FixtureRequest) -> list[pytest.Function]:
    """Return the tests of this folder that were collected, without those of this file."""
    own = (item for item in request.session.items if item.path.parent == Path(__file__).parent)
    return [item for item in own if isinstance(item, pytest.Function) and item.path != Path(__file__)]


def test_facts_rest_under_exercises_that_there_are(facts: list[pytest.Function]) -> None:
    known = {exercise.slug for exercise in load_course(ROOT)}
    for item in facts:
        marker = item.get_closest_marker("fact")
        assert marker is not None, item.nodeid
        number, *exercises = marker.args
        assert re.fullmatch(r"[NTV]\d+", number), item.nodeid
        assert exercises, item.nodeid
        assert set(exercises) <= known, item.nodeid


def test_facts_are_sentences(facts: list[pytest.Function]) -> None:
    for item in facts:
        assert re.fullmatch(r"[^\n]{20,115}\.", getattr(item.obj, "__doc__", "")), item.nodeid
