"""What an audit says of mutants: each fate in one sentence, with its place and what to do next."""

from pathlib import Path

import pytest
from tests.toy import GOOD, SLUG, WHOLE, check
from tests.verify.test_mutants_survivors import LUCKY, entry, named, toy

from proctor.verify import Finding, MutantCounts, Weight
from proctor.verify.killing import RULES, kill_mutants
from proctor.verify.mutants import mutants_of

ALL = len(mutants_of(GOOD, "main.py"))
LISTED = f"graders/{SLUG}/equivalent.toml"


def killed(root: Path, grader: str = WHOLE, equivalent: str = "") -> tuple[MutantCounts | None, list[Finding]]:
    """Grade the mutants of the toy exercise."""
    return kill_mutants(toy(root, grader, equivalent), None)


def test_nothing_is_said_where_every_mutant_is_killed(tmp_path: Path) -> None:
    assert killed(tmp_path) == (MutantCounts(killed=ALL, equivalent=0, survived=0), [])


def test_a_survivor_is_told_with_its_diff_and_the_check_that_might_see_it(tmp_path: Path) -> None:
    counts, findings = killed(tmp_path, LUCKY)
    assert counts is not None
    assert counts.survived == len(findings) > 0
    finding = next(one for one in findings if "becomes `3`" in one.what)
    assert (finding.rule, finding.weight) == ("every_mutant_is_killed", Weight.FAULT)
    assert finding.where == f"solutions/{SLUG}/main.py, `double`"
    assert finding.what.startswith("no check notices that, in `double`, ")
    assert "-    return number * 2\n+    return number * 3" in finding.evidence
    assert "perhaps by `doubles_nothing`" in finding.remedy


def test_a_survivor_of_which_no_check_sees_the_place_asks_for_a_new_one(tmp_path: Path) -> None:
    blind = check("is_there", 100, 'expect("a call", await stage.call("double", 2) is not ...).equals(True)')
    _, findings = killed(tmp_path, blind)
    assert {one.remedy.partition(";")[0] for one in findings} == {"write a check that sees it"}


def test_a_mutant_without_a_verdict_is_our_fault(tmp_path: Path) -> None:
    counts, findings = killed(tmp_path, check("doubles", 100, 'raise StageLost("the cable is out")'))
    assert counts == MutantCounts(killed=0, equivalent=0, survived=0, undecided=ALL)
    assert {(one.rule, one.weight) for one in findings} == {("every_mutant_is_decided", Weight.OURS)}


def test_an_entry_without_a_mutant_is_stale(tmp_path: Path) -> None:
    _, (finding,) = killed(tmp_path, equivalent=entry("main.py:double:number:00000000", "reference"))
    assert (finding.rule, finding.where) == ("no_equivalent_is_stale", LISTED)
    assert "`main.py:double:number:00000000` of `reference`" in finding.what


def test_an_entry_that_a_check_sees_is_refuted(tmp_path: Path) -> None:
    _, (finding,) = killed(tmp_path, equivalent=entry(named("number", "becomes `3`"), "reference"))
    assert (finding.rule, finding.where) == ("no_equivalent_is_killed", LISTED)
    assert finding.what.endswith("as equivalent, and it is seen by `doubles`")


def test_a_list_that_cannot_be_read_keeps_mutants_from_being_graded(tmp_path: Path) -> None:
    counts, (finding,) = killed(tmp_path, equivalent="[a]\nvariants = ['reference']\n")
    assert (counts, finding.rule, finding.where) == (None, "equivalents_can_be_read", LISTED)
    assert "a.reason: Field required" in finding.evidence


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_rule_says_what_it_is(rule: object) -> None:
    assert str(rule.__doc__).endswith(".")
