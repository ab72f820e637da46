"""What late work loses: every limit belongs to the better side, and no clock that is set back hides an hour."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from proctor.gradebook.late import LatePolicy, Penalty, duration_in_words, lateness, number, penalty, to_cents

MINUTE, HOUR, DAY = 60, 3600, 86400
DUE = datetime(2026, 11, 30, 22, 59, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
PER_DAY = LatePolicy.model_validate({"grace": "15 min", "per_day": 10, "at_most": 50, "refused_after": "1 week"})
STEPS = LatePolicy.model_validate({"steps": [{"after": "0 s", "minus": 5}, {"after": "3 days", "minus": 50}]})


def off(late_s: int, policy: LatePolicy, worth: int = 100) -> Decimal:
    return penalty(late_s, worth, policy).points


@pytest.mark.parametrize(("seconds", "expected"), [(-1, 0), (0, 0), (0.999999, 0), (1, 1), (90000, 90000)])
def test_work_is_late_from_the_first_full_second(seconds: float, expected: int) -> None:
    assert lateness(DUE + timedelta(seconds=seconds), DUE) == expected


@pytest.mark.parametrize("offset", range(-12, 15))
def test_the_time_zones_of_two_moments_do_not_matter(offset: int) -> None:
    there = timezone(timedelta(hours=offset))
    assert lateness((DUE + timedelta(seconds=1)).astimezone(there), DUE) == 1
    assert lateness(DUE.astimezone(there), DUE.astimezone(BERLIN)) == 0


def test_what_nobody_knows_the_time_of_is_never_late() -> None:
    assert lateness(None, DUE) == 0
    assert lateness(DUE, None) == 0


def test_the_hour_that_clocks_show_twice_is_counted() -> None:
    first = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=0)
    second = first.replace(fold=1)
    assert second - first == timedelta(0), "a subtraction within one zone is one of clocks on a wall"
    assert lateness(second, first) == HOUR
    assert lateness(first, second) == 0


def test_the_hour_that_clocks_leave_out_is_not_counted() -> None:
    assert lateness(datetime(2027, 3, 28, 3, tzinfo=BERLIN), datetime(2027, 3, 28, 1, 59, 59, tzinfo=BERLIN)) == 1


@pytest.mark.parametrize(
    ("late_s", "expected"),
    [
        (0, 0),
        (1, 0),
        (15 * MINUTE, 0),
        (15 * MINUTE + 1, 10),
        (DAY, 10),
        (DAY + 1, 20),
        (4 * DAY + 1, 50),
        (7 * DAY, 50),
        (7 * DAY + 1, 100),
    ],
)
def test_a_day_is_taken_off_when_it_has_begun(late_s: int, expected: int) -> None:
    assert off(late_s, PER_DAY) == expected


@pytest.mark.parametrize(("late_s", "expected"), [(0, 0), (1, 5), (3 * DAY, 5), (3 * DAY + 1, 50), (99 * DAY, 50)])
def test_the_last_step_that_was_passed_holds(late_s: int, expected: int) -> None:
    assert off(late_s, STEPS) == expected


@pytest.mark.parametrize("policy", [PER_DAY, STEPS, LatePolicy()])
def test_more_time_never_costs_less(policy: LatePolicy) -> None:
    moments = sorted({max(limit + second, 0) for limit in range(0, 9 * DAY, 6 * HOUR) for second in (-1, 0, 1)})
    losses = [off(moment, policy) for moment in moments]
    assert losses == sorted(losses)
    assert losses[0] == 0


def test_a_class_without_a_policy_takes_nothing_off() -> None:
    assert penalty(99 * DAY, 100, LatePolicy()) == Penalty()


def test_percent_are_of_what_the_exercise_is_worth_and_exact() -> None:
    policy = LatePolicy.model_validate({"per_day": 0.1})
    assert off(3 * DAY, policy) == Decimal("0.30")
    assert off(3 * DAY, policy, worth=50) == Decimal("0.15")
    assert off(1, LatePolicy.model_validate({"per_day": 12.5}), worth=1) == Decimal("0.13")


def test_a_penalty_is_told_in_a_sentence() -> None:
    assert penalty(2 * DAY, 100, PER_DAY).reason == "2 days late: 20 of 100 points off"
    assert penalty(DAY + 3 * HOUR, 20, PER_DAY).reason == "1 day 3 hours late: 4 of 20 points off"
    assert penalty(8 * DAY, 100, PER_DAY).reason == "8 days late: there are no points after 7 days"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("15 min", 900),
        ("1 minute", 60),
        ("2 h", 7200),
        ("2h", 7200),
        ("90 s", 90),
        ("1 day", DAY),
        ("2 weeks", 14 * DAY),
    ],
)
def test_durations_are_written_as_people_do(text: str, seconds: int) -> None:
    assert LatePolicy.model_validate({"grace": text}).grace == seconds


@pytest.mark.parametrize("wrong", ["", "soon", "-1 day", "1.5 h", "1 month", 15, 15.0, True, "1 day 2 h"])
def test_other_durations_are_refused(wrong: object) -> None:
    with pytest.raises(ValidationError, match="is no duration: write"):
        LatePolicy.model_validate({"grace": wrong})


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ({"per_day": 10, "steps": [{"after": "1 day", "minus": 10}]}, "choose one"),
        ({"at_most": 10}, "`at_most` limits `per_day`"),
        ({"steps": [{"after": "2 days", "minus": 10}, {"after": "1 day", "minus": 20}]}, "comes later"),
        ({"steps": [{"after": "1 day", "minus": 20}, {"after": "2 days", "minus": 10}]}, "takes no less"),
        ({"grace": "2 days", "refused_after": "1 day"}, "`refused_after` ends before `grace`"),
        ({"per_day": 101}, "less than or equal to 100"),
        ({"per_day": -1}, "greater than or equal to 0"),
        ({"perday": 10}, "Extra inputs are not permitted"),
    ],
)
def test_a_policy_that_contradicts_itself_is_refused(table: dict[str, object], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        LatePolicy.model_validate(table)


def test_words_and_numbers() -> None:
    assert duration_in_words(0) == "0 seconds"
    assert duration_in_words(2 * DAY + HOUR + 5) == "2 days 1 hour 5 seconds"
    assert [number(Decimal(one)) for one in ("20", "12.50", "0.05", "100")] == ["20", "12.5", "0.05", "100"]
    assert to_cents(Decimal("0.125")) == Decimal("0.13")
