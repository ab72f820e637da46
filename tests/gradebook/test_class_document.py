"""The document about a class is what its published schema says."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import jsonschema

from proctor.gradebook.class_report import ClassReport, Column, Row, RowStatus, StudentReport, class_schema
from proctor.gradebook.student import Student

PUBLISHED = Path(__file__).parents[2] / "docs" / "class.schema.json"


def test_the_published_schema_is_the_one_of_the_code() -> None:
    assert json.loads(PUBLISHED.read_text(encoding="utf-8")) == class_schema()


def test_what_is_written_fits_the_schema_and_is_read_again() -> None:
    row = Row(exercise="cors-desk", status=RowStatus.GRADED, score=65, points=Decimal("58.5"), reasons=("1 day late",))
    report = ClassReport(
        proctor="1",
        course="A course",
        made_at=datetime(2026, 11, 23, tzinfo=UTC),
        columns=(Column(exercise="cors-desk", title="CORS"),),
        students=(StudentReport(student=Student(id="s001", name="سي 🦆"), rows=(row,), grade=Decimal("58.50")),),
    )
    text = report.to_json()
    jsonschema.validate(json.loads(text), class_schema())
    assert ClassReport.model_validate_json(text) == report
