"""What the class page says, and that nothing of a stranger's text becomes markup in it."""

import hashlib
import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from tests.reports.example_class import (
    EXERCISES,
    check_result,
    class_of,
    example_class,
    report_of,
    similar_work,
    statistics_of,
    student_of,
)
from tests.reports.examples import HOSTILE
from tests.reports.html_reader import Element, elements_of, is_balanced

from proctor.classroom.similarity import SimilarPair
from proctor.classroom.statistics import class_statistics
from proctor.gradebook.class_report import Row, RowStatus, StudentReport
from proctor.gradebook.student import Student
from proctor.reports import html_page
from proctor.reports.class_page import to_class_page

MEGABYTE = 1 << 20
STYLE = Path(html_page.__file__).with_name("templates") / "page.css"


@cache
def example_page() -> str:
    report = example_class()
    return to_class_page(report, statistics_of(report), similar_work())


def page_of(*rows: Row, student: Student | None = None) -> str:
    report = report_of(student_of(student or Student(id="s001"), rows))
    return to_class_page(report, class_statistics(report, None), ())


def cells(page: str) -> list[Element]:
    return [one for one in elements_of(page) if one.name == "td" and "tbody" in one.inside and one.classes]


def graded(points: str = "50", score: int = 50, **more: object) -> Row:
    return Row.model_validate({"exercise": "cors-desk", "status": "graded", "score": score, "points": points} | more)


# What it says


def test_every_student_has_a_cell_for_every_exercise() -> None:
    elements = elements_of(example_page())
    grid = [one for one in elements if one.name == "tr" and "tbody" in one.inside]
    headings = [one for one in elements if one.name == "th" and one.attributes.get("scope") == "row"]
    students = [one for one in headings if "who" in one.classes and "tbody" in one.inside]
    assert [one.text.strip() for one in students] == [f"s{number:03}" for number in range(1, 31)]
    assert len(grid) >= 30
    tinted = [
        one for one in cells(example_page()) if re.fullmatch(r"(t\d|missing|unreadable|error|excused)", one.classes[0])
    ]
    assert len(tinted) == 30 * 6


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (graded(), "50"),
        (graded("82.50", 82), "82.5* changed"),
        (graded("45", 50, reasons=["1 day late."]), "45* changed"),
        (Row(exercise="cors-desk", status=RowStatus.MISSING, points=Decimal(0)), "0○ missing"),
        (
            Row(exercise="cors-desk", status=RowStatus.UNREADABLE, score=0, points=Decimal(0)),
            "0\N{MULTIPLICATION SIGN} unreadable",
        ),
        (Row(exercise="cors-desk", status=RowStatus.ERROR), "! our fault"),
        (Row(exercise="cors-desk", status=RowStatus.UNAVAILABLE), "◇ not graded here"),
        (Row(exercise="cors-desk", status=RowStatus.EXCUSED), "\N{EN DASH} excused"),
        (Row(exercise="cors-desk", status=RowStatus.GRADED, score=50), "\N{EN DASH} does not count"),
    ],
)
def test_a_cell_tells_points_and_status_in_words(row: Row, told: str) -> None:
    assert cells(page_of(row))[1].text == told


def test_the_legend_has_every_sign() -> None:
    (legend,) = [one for one in elements_of(example_page()) if "legend" in one.classes]
    for words in ("changed", "missing", "unreadable", "our fault", "not graded here", "excused"):
        assert words in legend.text


def test_who_has_no_verdict_is_named() -> None:
    page = page_of(Row(exercise="cors-desk", status=RowStatus.ERROR, message="the stage went silent"))
    text = " ".join(elements_of(page)[0].text.split())
    assert "Our fault 1" in text
    assert "the stage went silent" in text


def test_whoever_has_handed_in_nothing_is_named() -> None:
    assert "Nothing at all was handed in by s017." in " ".join(elements_of(example_page())[0].text.split())


def test_a_suspicious_check_is_marked_and_explained() -> None:
    report = example_class()
    statistics = statistics_of(report)
    text = elements_of(example_page())[0].text
    assert statistics.suspicious
    assert text.count("▲ Look at this check") == 1 + len(statistics.suspicious)
    assert "rather the check than the students" in text


def test_misconceptions_are_told_with_count_sentence_and_examples() -> None:
    first = statistics_of(example_class()).misconceptions[0]
    shown = [one for one in elements_of(example_page()) if one.name == "li" and "ol" in one.inside]
    text = " ".join(shown[0].text.split())
    assert text.startswith(f"{len(first.students)} students")
    assert first.sentence.replace("`", "") in text
    assert f"For example {', '.join(first.examples)}" in text
    assert "expected: status 200" in text


def test_drawings_have_words() -> None:
    drawings = [one for one in elements_of(example_page()) if one.name == "svg" and one.attributes.get("role") == "img"]
    assert len(drawings) == 1 + 6 + 1
    assert re.fullmatch(r"Grades of 30 students: (\d+ from \d+ to \d+(, )?)+", drawings[0].attributes["aria-label"])
    assert re.match(r"\d+ attempts from 2026-\d\d-\d\d to ", drawings[-1].attributes["aria-label"])


def test_similar_work_is_no_evidence() -> None:
    text = " ".join(elements_of(example_page())[0].text.split())
    assert "A reason to look, not evidence." in text
    assert "s004, s011 CORS at the desk 97 % 93 % 312" in text


def test_a_class_without_anybody_has_a_page() -> None:
    report = example_class().model_copy(update={"students": ()})
    page = to_class_page(report, class_statistics(report, None), ())
    assert is_balanced(page)
    assert "Nobody's work was graded" in page.replace("&#39;", "'")


# What it is made of


def test_headings_descend_one_by_one() -> None:
    levels = [int(one.name[1]) for one in elements_of(example_page()) if re.fullmatch("h[1-6]", one.name)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_tables_have_captions_and_scopes() -> None:
    elements = elements_of(example_page())
    tables = [one for one in elements if one.name == "table"]
    captions = [one for one in elements if one.name == "caption" and one.text.strip()]
    assert len(tables) == len(captions)
    assert all(one.attributes.get("scope") in {"row", "col"} for one in elements if one.name == "th")


def test_there_are_landmarks_and_a_way_past_them() -> None:
    elements = elements_of(example_page())
    assert [sum(one.name == name for one in elements) for name in ("header", "nav", "main", "footer")] == [1, 1, 1, 1]
    skip = next(one for one in elements if one.name == "a")
    (main,) = [one for one in elements if one.name == "main"]
    assert skip.attributes["href"] == f"#{main.attributes['id']}"


def test_every_reference_in_the_page_leads_somewhere() -> None:
    elements = elements_of(example_page())
    ids = [one.attributes["id"] for one in elements if "id" in one.attributes]
    links = [one.attributes["href"] for one in elements if one.attributes.get("href", "").startswith("#")]
    labels = [one.attributes["aria-labelledby"] for one in elements if "aria-labelledby" in one.attributes]
    assert len(ids) == len({*ids})
    assert {link[1:] for link in links} | {*labels} <= {*ids}


# Nothing from outside, and nothing of a stranger's


def digest(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_the_policy_allows_its_own_style_and_script_and_nothing_else() -> None:
    elements = elements_of(example_page())
    (policy,) = [one.attributes["content"] for one in elements if one.attributes.get("http-equiv")]
    (style,) = [one.text for one in elements if one.name == "style"]
    (script,) = [one.text for one in elements if one.name == "script"]
    assert policy.split("; ") == [
        "default-src 'none'",
        f"style-src {digest(style)}",
        f"script-src {digest(script)}",
        "base-uri 'none'",
        "form-action 'none'",
    ]


def test_nothing_is_loaded() -> None:
    for one in elements_of(example_page()):
        assert one.name not in {"img", "link", "iframe", "object", "embed", "base", "form"}
        assert {"src", "srcset", "style", "action"}.isdisjoint(one.attributes)
        assert not [name for name in one.attributes if name.startswith("on")]
    assert "url(" not in STYLE.read_text()
    assert "@import" not in STYLE.read_text()


def test_text_of_strangers_stays_text() -> None:
    def page(texts: Sequence[str]) -> str:
        students: list[StudentReport] = []
        for number, text in enumerate(texts, 1):
            failed = check_result("reads", passed=False, message=text)
            failed = failed.model_copy(update={"id": f"reads-{number}", "title": text, "mistake": f"mistake-{number}"})
            rows = [
                graded(score=0, reasons=[text], message=text, checks=[failed]),
                Row(exercise="order-ticket", status=RowStatus.UNREADABLE, message=text),
            ]
            students.append(student_of(Student(id=f"s{number:03}", name=text, section=text, team=text), rows))
        report = report_of(*students).model_copy(update={"course": texts[5]})
        columns = tuple(column.model_copy(update={"title": texts[5], "chapter": texts[6]}) for column in report.columns)
        report = report.model_copy(update={"columns": columns})
        pairs = [SimilarPair(text, text, text, 1, 1, 9) for text in texts]
        return to_class_page(report, class_statistics(report, None), pairs)

    hostile = page(HOSTILE)
    harmless = page(["harmless" if text.strip() else text for text in HOSTILE])
    assert [(one.name, sorted(one.attributes)) for one in elements_of(hostile)] == [
        (one.name, sorted(one.attributes)) for one in elements_of(harmless)
    ]
    assert is_balanced(hostile)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", hostile)


def test_text_is_escaped_once() -> None:
    page = page_of(graded(), student=Student(id="s001", name="<b>Ann & Bo</b>"))
    assert "&lt;b&gt;Ann &amp; Bo&lt;/b&gt;" in page
    assert "&amp;lt;" not in page


def test_a_link_that_is_no_address_of_the_web_is_not_linked() -> None:
    report = example_class()
    statistics = statistics_of(report)
    exercise = statistics.exercises[0]
    bad = replace(exercise.misconceptions[0], link="javascript:alert(1)")
    statistics = replace(statistics, exercises=(replace(exercise, misconceptions=(bad,)),))
    assert "javascript:" not in to_class_page(report, statistics, ())


# Size and colours


def test_a_class_of_200_and_34_exercises_is_a_small_file() -> None:
    exercises = [replace(EXERCISES[number % 6], exercise=f"exercise-{number}") for number in range(34)]
    report = class_of(200, exercises)
    page = to_class_page(report, class_statistics(report, None), ())
    assert len(page.encode()) < 1.5 * MEGABYTE


def luminance(colour: str) -> float:
    digits = colour.strip("#")
    digits = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
    channels = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_text_is_read_in_every_theme() -> None:
    themes = [dict(re.findall(r"--([a-z0-9]+): (#\w+);", block)) for block in STYLE.read_text().split(":root {")[1:]]
    assert len(themes) == 3  # light, dark, on paper
    for theme in themes:
        grounds = [theme[name] for name in ("paper", "raised", "t0", "t1", "t2", "t3", "t4", "t5")]
        assert all(contrast(theme["ink"], ground) >= 4.5 for ground in grounds)
        for name in ("soft", "accent", "warn", "bad"):
            assert contrast(theme[name], theme["paper"]) >= 4.5
            assert contrast(theme[name], theme["raised"]) >= 4.5
