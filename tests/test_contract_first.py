"""Schemathesis, which knows neither checks nor answers, agrees with the verdicts on `contract-first`.

Its requests differ between versions of Python, so they are no part of a check: these are here to try the checks.
"""

import json
from collections.abc import Iterator
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis.configuration import set_hypothesis_home_dir

from proctor.catalog import load_course

ROOT = Path(__file__).parents[1]
EXERCISE = load_course(ROOT).exercise("contract-first")
CONTRACT = json.loads(EXERCISE.given["desk-openapi.json"])
TOKEN = {"X-Trader-Token": "t-alice"}

RIGHT = {"reference": EXERCISE.solution / "main.py"} | {
    variant.name: variant.files["main.py"] for variant in EXERCISE.accepted_variants()
}
WRONG = {variant.name: variant.files["main.py"] for variant in EXERCISE.mistake_variants()}

schemathesis: Any = import_module("schemathesis")  # its generic types say nothing to a strict checker
checks: Any = import_module("schemathesis.checks")
checks.load_all_checks()
CONFORMS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
REFUSES = checks.negative_data_rejection


@pytest.fixture(autouse=True)
def home_of_hypothesis(tmp_path: Path) -> Iterator[None]:
    """Keep what Hypothesis remembers out of the repository."""
    set_hypothesis_home_dir(tmp_path)
    yield
    set_hypothesis_home_dir(None)


def load(path: Path, folder: Path) -> Any:
    """Return the application of an answer, loaded anew with the contract beside it."""
    (folder / "desk-openapi.json").write_bytes(EXERCISE.given["desk-openapi.json"])
    copy = folder / "main.py"
    copy.write_bytes(path.read_bytes())
    spec = spec_from_file_location("answer_to_contract_first", copy)
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.app


def faults(schema: Any, judged: list[Any], *, examples: int = 10) -> set[str]:
    """Send an application what can be made of a document; return what is wrong with the answers, by operation."""
    found: set[str] = set()
    for result in schema.get_all_operations():
        for mode in schemathesis.GenerationMode:
            found |= faults_of(result.ok(), mode, judged, examples)
    return found


def faults_of(operation: Any, mode: object, judged: list[Any], examples: int) -> set[str]:
    """Send requests that are right, or wrong; return what is wrong with the answers."""
    found: set[str] = set()

    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def send(case: Any) -> None:
        assume(not isinstance(case.body, bytes))  # such as no UTF-8, which the task puts out of scope
        response = case.call(headers=TOKEN)
        try:
            case.validate_response(response, checks=judged)
        except BaseExceptionGroup as group:
            found.update(f"{operation.label}: {type(failure).__name__}" for failure in group.exceptions)

    send()
    return found


def contract_for(app: Any, **changes: Any) -> Any:
    """Return the contract, to be tried on an application by somebody with a token: who has none is for others."""
    schema = schemathesis.openapi.from_dict({**CONTRACT, "security": [], **changes})
    schema.app = app
    return schema


@pytest.mark.parametrize("name", RIGHT)
def test_right_answers_keep_the_contract(name: str, tmp_path: Path) -> None:
    assert faults(contract_for(load(RIGHT[name], tmp_path)), [*CONFORMS, REFUSES]) == set()


def test_the_reference_keeps_its_own_document(tmp_path: Path) -> None:
    app = load(RIGHT["reference"], tmp_path)
    assert faults(schemathesis.openapi.from_asgi("/openapi.json", app), CONFORMS) == set()


def test_a_limit_without_bounds_breaks_the_contract(tmp_path: Path) -> None:
    listing = CONTRACT["paths"]["/orders"]["get"]
    limit_alone = {**listing, "parameters": [each for each in listing["parameters"] if each["name"] == "limit"]}
    paths = {"/orders": {"get": limit_alone}}  # a symbol that is wrong, too, would be refused
    for name, expected in (("limit_without_bounds", {"GET /orders: AcceptedNegativeData"}), ("reference", set[str]())):
        app = load({**RIGHT, **WRONG}[name], tmp_path)
        assert faults(contract_for(app, paths=paths), [*CONFORMS, REFUSES], examples=30) == expected


def test_undeclared_refusals_break_the_document_alone(tmp_path: Path) -> None:
    app = load(WRONG["undeclared_refusals"], tmp_path)
    assert faults(contract_for(app), CONFORMS) == set()
    undocumented = faults(schemathesis.openapi.from_asgi("/openapi.json", app), CONFORMS)
    assert "GET /quotes/{symbol}: UndefinedStatusCode" in undocumented
    assert {fault.rpartition(" ")[2] for fault in undocumented} == {"UndefinedStatusCode"}
