"""No known trick earns a point, gets at anything, or harms anybody; and every trick works where nothing holds it."""

import json
import os
import sys
import unicodedata
import zlib
from collections import Counter
from pathlib import Path

import pytest
from tests.attack_suite import ATTACKS, KINDS, ROOT, Attack, Run, run_attacks, toy_exercise
from tests.naive_grader import points_by_naive_grading
from tests.toy import SLUG as TOY

from proctor.catalog import load_course
from proctor.isolation.layers import Layer
from proctor.isolation.protection import BARE, Isolation, Protection, choose
from proctor.reports.junit import to_junit
from proctor.scorecard import Report, Scorecard

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the layers are Linux's")

COURSE = load_course(ROOT)
SLUGS = ["middleware-onion", "cors-desk", "override-switchboard", "coroutine-or-function", "background-receipt"]
"""One exercise of each kind of check; what holds a submission is the same for all.

So every attack meets the toy and one of these, each another one; with ATTACK_EVERYWHERE set it meets them all.
"""

EVERYWHERE = "ATTACK_EVERYWHERE" in os.environ

FRESH = Protection((Layer.PROCESS, Layer.CLEAN_ROOM), forks=False)
"""Without a server that adopts what a stage abandons."""

ALONE = {"ends_the_server_of_its_stage": BARE, "becomes_a_daemon": FRESH}
"""Attacks whose success all others in the run would have to wait for, or would share."""

SEEN_BY_STAT = {"asks_for_known_paths"}
"""The one remainder without a private view: names, sizes and times of files whose paths are known."""


def of_kind(kind: str) -> list[Attack]:
    return [attack for attack in ATTACKS if attack.kind == kind]


# The suite itself


def test_there_are_enough_attacks_and_every_class_is_covered() -> None:
    counted = Counter(attack.kind for attack in ATTACKS)
    assert set(counted) == set(KINDS)
    assert len(ATTACKS) >= 200
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: f"{attack.kind}/{attack.name}")
def test_an_attack_declares_how_it_succeeds_and_what_stops_it(attack: Attack) -> None:
    assert attack.succeeds in {"points", "read", "sent", "process", "file", "harmed", "done"}
    assert attack.stopped_by <= {layer.value for layer in Layer}


# All layers


@pytest.fixture(scope="module", params=[TOY, *SLUGS])
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The attacks that meet an exercise, in one run, with every layer."""
    slug: str = request.param
    exercise = toy_exercise(tmp_path_factory.mktemp("toy")) if slug == TOY else COURSE.exercise(slug)
    attacks = [attack for attack in ATTACKS if attack.fits(exercise) and meets(attack, slug)]
    return run_attacks(exercise, attacks, choose(Isolation.STRICT))


def meets(attack: Attack, slug: str) -> bool:
    turn = SLUGS[zlib.crc32(attack.name.encode()) % len(SLUGS)]
    return EVERYWHERE or slug in {TOY, turn} or "exercise" in attack.terms


@pytest.mark.parametrize("kind", KINDS)
def test_with_every_layer_nothing_is_gained(run: Run, kind: str) -> None:
    assert run.successes(of_kind(kind)) == {}


def test_with_every_layer_no_neighbour_notices_and_nothing_is_left(run: Run) -> None:
    assert [card.score for card in run.neighbours] == [100, 100, 100]
    assert [card.model_copy(update={"duration_s": 0}) for card in run.neighbours] == [
        run.neighbours[0].model_copy(update={"duration_s": 0})
    ] * 3
    assert (run.left_processes, run.left_files) == ([], [])


def test_nothing_that_an_attack_says_is_obeyed_by_a_reader_of_its_report(run: Run) -> None:
    for card in run.cards.values():
        report = Report(proctor="0", seed=0, isolation=(), scorecards=(card,))
        for text in (*texts(card), to_junit(report)):
            lines = text.split("\n")
            assert [line for line in lines if line.lstrip().startswith("::") or "##[" in line] == []
            assert [sign for line in lines for sign in line if not is_seen(sign)] == []
        json.loads(report.to_json().encode())


def is_seen(sign: str) -> bool:
    return sign.isprintable() or sign == "\t" or unicodedata.category(sign) == "Zs"


def texts(card: Scorecard) -> list[str]:
    return [card.message, *(check.message for check in card.checks)]


# Fewer layers


def test_without_the_private_view_only_known_paths_can_be_asked_for(tmp_path: Path) -> None:
    exercise = toy_exercise(tmp_path)
    attacks = [attack for attack in ATTACKS if attack.fits(exercise)]
    run = run_attacks(exercise, attacks, choose(Isolation.AUTO, [Layer.VIEW]))
    assert set(run.successes(attacks)) == SEEN_BY_STAT
    assert (run.left_processes, run.left_files) == ([], [])


CONTROLLED = [attack for attack in ATTACKS if attack.can_succeed]


@pytest.fixture(scope="module")
def unprotected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """What the attacks gain that need no more than a stage which nothing holds."""
    exercise = toy_exercise(tmp_path_factory.mktemp("toy"))
    together = [attack for attack in CONTROLLED if attack.name not in ALONE]
    gained = run_attacks(exercise, together, BARE).gained
    for attack in CONTROLLED:
        if attack.name in ALONE:
            gained |= run_attacks(exercise, [attack], ALONE[attack.name]).gained
    return gained


@pytest.mark.parametrize("attack", CONTROLLED, ids=lambda attack: f"{attack.kind}/{attack.name}")
def test_without_any_layer_the_attack_works(attack: Attack, unprotected: dict[str, set[str]]) -> None:
    """An attack that could not work would prove nothing."""
    assert attack.succeeds in unprotected[attack.name]


FORGED = [attack for attack in of_kind("forging") if "control" not in attack.terms]


@pytest.mark.parametrize("attack", FORGED, ids=lambda attack: attack.name)
def test_where_grader_and_submission_share_a_process_the_attack_scores(attack: Attack, tmp_path: Path) -> None:
    assert points_by_naive_grading(attack, COURSE.exercise("middleware-onion"), tmp_path)
