"""The pages in a real browser: nothing is run, loaded or logged, and keys, themes and narrow windows work."""

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from tests.reports.chromium_page import Chromium, Page, chromium
from tests.reports.example_class import check_result, example_class, report_of, similar_work, statistics_of, student_of
from tests.reports.examples import HOSTILE

from proctor.classroom.statistics import class_statistics
from proctor.gradebook.class_report import Row
from proctor.gradebook.student import Student
from proctor.reports.class_page import to_class_page
from proctor.reports.reader import Reader
from proctor.reports.student_page import to_student_page

NARROW = 390

IDS = "[...document.querySelectorAll('.grid tbody tr:not([hidden]) th')].map(one => one.innerText.trim())"

OVERFLOW = "document.documentElement.scrollWidth - innerWidth"

CONTRASTS = r"""(() => {
  const parse = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const linear = (one) => (one /= 255) <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4;
  const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const ground = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = parse(getComputedStyle(one).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((one) => one.nodeType === 3 && one.data.trim());
    if (!own || !element.checkVisibility() || ["SCRIPT", "TITLE"].includes(element.tagName.toUpperCase())) continue;
    const style = getComputedStyle(element);
    const [a, b] = [luminance(parse(element.closest("svg") ? style.fill : style.color)), luminance(ground(element))];
    found.push([(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), element.textContent.slice(0, 40)]);
  }
  return found.sort((one, other) => one[0] - other[0]).slice(0, 3);
})()"""


@pytest.fixture(scope="module")
def browser() -> Generator[Chromium]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def class_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    report = example_class()
    return written(tmp_path_factory, to_class_page(report, statistics_of(report), similar_work()))


@pytest.fixture(scope="module")
def student_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory, to_student_page(example_class(), "s004", Reader.STUDENT_AFTER_DUE))


def written(factory: pytest.TempPathFactory, page: str) -> Path:
    path = factory.mktemp("page") / "page.html"
    path.write_text(page, encoding="utf-8")
    return path


def assert_quiet(page: Page, path: Path) -> None:
    assert page.troubles == []
    assert page.requests == [path.as_uri()]


def press_until(page: Page, key: str, condition: str) -> None:
    """Press a key until something holds, as somebody without a mouse does."""
    for _ in range(60):
        if page.evaluate(condition):
            return
        page.press(key)
    pytest.fail(f"{key} does not lead to where {condition}")


def test_the_pages_load_nothing_and_complain_of_nothing(
    browser: Chromium, class_page: Path, student_page: Path
) -> None:
    for path in (class_page, student_page):
        assert_quiet(browser.open(path), path)


def test_hostile_names_run_nothing(browser: Chromium, tmp_path: Path) -> None:
    students = [
        student_of(
            Student(
                id=f"s{number:03}",
                name=f"{text[:500]}'\"><svg onload=document.body.remove()><script>document.body.remove()</script>",
            ),
            [
                Row.model_validate(
                    {
                        "exercise": "cors-desk",
                        "status": "graded",
                        "points": "0",
                        "score": 0,
                        "message": f"{text[:500]}<img src=https://example.org/x onerror=document.body.remove()>",
                        "checks": [check_result("reads", passed=False, message=text[:500])],
                    }
                )
            ],
        )
        for number, text in enumerate(HOSTILE, 1)
    ]
    report = report_of(*students)
    path = tmp_path / "page.html"
    path.write_text(to_class_page(report, class_statistics(report, None), ()), encoding="utf-8")
    page = browser.open(path)
    assert_quiet(page, path)
    assert page.evaluate("document.querySelectorAll('script, img').length") == 1
    assert page.evaluate(f"{IDS}.length") == len(HOSTILE)


def test_the_policy_holds_where_markup_gets_in(browser: Chromium, class_page: Path, tmp_path: Path) -> None:
    bad = (
        "<script>window.ran = true</script><img src='data:,x' onerror='window.ran = true'><style>h1{color:red}</style>"
    )
    path = tmp_path / "page.html"
    path.write_text(class_page.read_text(encoding="utf-8").replace("<h1>", f"{bad}<h1>"), encoding="utf-8")
    page = browser.open(path)
    assert page.evaluate("window.ran === undefined")
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).color") != "rgb(255, 0, 0)"
    assert page.evaluate("document.querySelectorAll('.grid button').length") == 8  # its own script does run


def test_the_grid_is_sorted_with_keys_alone(browser: Chromium, class_page: Path) -> None:
    page = browser.open(class_page)
    in_order = page.evaluate(IDS)
    press_until(page, "Tab", "document.activeElement.innerText?.trim().startsWith('Grade')")
    page.press("Enter", "\r")
    assert page.evaluate("document.activeElement.closest('th').ariaSort") == "descending"
    grades = page.evaluate("[...document.querySelectorAll('.grid tbody td.grade')].map(one => +one.innerText)")
    assert grades == sorted(grades, reverse=True)
    page.press("Enter", "\r")
    assert page.evaluate("document.activeElement.closest('th').ariaSort") == "ascending"
    page.evaluate("document.querySelector('.grid th.who button').click()")
    assert page.evaluate(IDS) == in_order


def test_the_focus_is_seen(browser: Chromium, class_page: Path) -> None:
    page = browser.open(class_page)
    page.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top >= 0")
    press_until(page, "Tab", "document.activeElement.matches('.grid button')")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_students_are_filtered_by_what_is_typed(browser: Chromium, class_page: Path) -> None:
    page = browser.open(class_page)
    press_until(page, "Tab", "document.activeElement.matches('[data-filter]')")
    page.send("Input.insertText", text="team-4")
    assert page.evaluate(IDS) == ["s007", "s008"]
    assert page.evaluate("document.querySelector('[data-count]').innerText") == "2 of 30 shown"


def test_nothing_is_wider_than_a_phone(browser: Chromium, class_page: Path, student_page: Path) -> None:
    for path in (class_page, student_page):
        assert browser.open(path, width=NARROW).evaluate(OVERFLOW) == 0


def test_the_heading_and_the_first_column_stay(browser: Chromium, class_page: Path) -> None:
    page = browser.open(class_page, width=NARROW)
    where = """(() => {
      const scroller = document.querySelector('.scroller');
      scroller.scrollTo({ left: 200, top: 100, behavior: 'instant' });
      const [box, corner] = [scroller, scroller.querySelector('thead .who')].map((one) => one.getBoundingClientRect());
      return [scroller.scrollLeft, scroller.scrollTop, corner.left - box.left, Math.round(corner.top - box.top)];
    })()"""
    assert page.evaluate(where) == [200, 100, 0, 1]


@pytest.mark.parametrize(("dark", "ground"), [(False, "rgb(253, 252, 250)"), (True, "rgb(23, 25, 27)")])
def test_every_word_is_read_in_both_themes(
    browser: Chromium, class_page: Path, student_page: Path, dark: bool, ground: str
) -> None:
    for path in (class_page, student_page):
        page = browser.open(path, dark=dark)
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == ground
        lowest: list[Any] = page.evaluate(CONTRASTS)
        assert lowest[0][0] >= 4.5, lowest


def test_forced_colours_are_kept(browser: Chromium, class_page: Path) -> None:
    page = browser.open(class_page)
    page.dress(forced="active")
    colours = page.evaluate(
        "['rect.fill', 'svg text', 'h1'].map((one) => getComputedStyle(document.querySelector(one)))"
        ".map((style, place) => place === 2 ? style.color : style.fill)"
    )
    assert len({*colours}) == 1


def test_on_paper_everything_is_open_and_nothing_sticks(browser: Chromium, class_page: Path) -> None:
    page = browser.open(class_page)
    page.send("Emulation.setEmulatedMedia", media="print")
    assert page.evaluate("document.querySelectorAll('details[open]').length") == 0
    assert page.evaluate("[...document.querySelectorAll('details > pre')].every((one) => one.checkVisibility())")
    assert page.evaluate("getComputedStyle(document.querySelector('.grid thead .who')).position") == "static"
    assert page.evaluate("getComputedStyle(document.querySelector('.scroller')).overflow") == "visible"
    assert page.print().startswith(b"%PDF-")
