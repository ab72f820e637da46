"""The course is read strictly, and a mistake in a manifest is named with file and field."""

from pathlib import Path

import pytest
from tests.toy import SLUG, WHOLE, toy_course

from proctor.catalog import find_root, load_course
from proctor.errors import CourseError, UsageError


def test_a_course_is_found_from_below(tmp_path: Path) -> None:
    toy_course(tmp_path, WHOLE)
    assert find_root(tmp_path / "exercises" / SLUG) == tmp_path


def test_outside_a_course_the_message_says_where_to_go(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"run this in the repository, where `exercises/course\.toml` is"):
        find_root(tmp_path)


def test_a_near_miss_is_suggested(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"there is no exercise `toy-exercize`\. Did you mean `toy-exercise`\?"):
        toy_course(tmp_path, WHOLE).exercise("toy-exercize")


def test_exercises_are_selected_in_the_order_of_the_course(tmp_path: Path) -> None:
    course = toy_course(tmp_path, WHOLE)
    assert [exercise.slug for exercise in course.select([])] == [SLUG]
    assert [exercise.slug for exercise in course.select([SLUG, SLUG])] == [SLUG]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("level = 1", "level = 4"), "level: Input should be less than or equal to 3"),
        (("minutes = 5", ""), "minutes: Field required"),
        (("level = 1", "level = 1\nlevle = 2"), "levle: Extra inputs are not permitted"),
        (('["main.py"]', '["../main.py"]'), "files.0: String should match pattern"),
        (('"Think about two.", ', ""), "hints: Tuple should have at least 3 items"),
    ],
)
def test_a_malformed_manifest_is_named_with_its_field(tmp_path: Path, change: tuple[str, str], fault: str) -> None:
    toy_course(tmp_path, WHOLE)
    path = tmp_path / "exercises" / SLUG / "exercise.toml"
    path.write_text(path.read_text().replace(*change))
    with pytest.raises(CourseError) as raised:
        load_course(tmp_path)
    assert str(path) in str(raised.value)
    assert fault in str(raised.value)


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    toy_course(tmp_path, WHOLE)
    path = tmp_path / "exercises" / "course.toml"
    path.write_text("title = ")
    with pytest.raises(CourseError, match=r"course\.toml` cannot be read: Invalid value \(at end of document\)"):
        load_course(tmp_path)


def test_the_digest_of_the_graders_changes_with_a_check(tmp_path: Path) -> None:
    before = toy_course(tmp_path, WHOLE).exercise(SLUG).graders_digest
    assert toy_course(tmp_path, WHOLE).exercise(SLUG).graders_digest == before
    assert toy_course(tmp_path, WHOLE + "# easier\n").exercise(SLUG).graders_digest != before


def test_the_digest_of_the_graders_changes_with_what_they_share(tmp_path: Path) -> None:
    before = toy_course(tmp_path, WHOLE).exercise(SLUG).graders_digest
    shared = tmp_path / "graders" / "shared_checks"
    shared.mkdir()
    (shared / "halves.py").write_text("")
    assert load_course(tmp_path).exercise(SLUG).graders_digest != before
