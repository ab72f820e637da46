"""GitHub is asked politely, and its token is shown to nobody."""

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.actions.world import Answer, github_that

from proctor.actions.github import GitHub
from proctor.errors import OurFault, UsageError

Reply = tuple[int, Any, dict[str, str]]


def always(*replies: Reply) -> Answer:
    """Answer these one after the other, and the last one for ever."""
    left = list(replies)

    def answer(method: str, path: str, given: Any) -> Reply:
        del method, path, given
        return left.pop(0) if len(left) > 1 else left[0]

    return answer


def test_the_time_of_a_commit_is_that_of_its_first_push() -> None:
    answers = [
        {"after": "c2", "timestamp": "2026-11-22T10:00:00Z"},
        {"after": "c1", "timestamp": "2026-11-21T10:00:00Z"},
        {"after": "c1", "timestamp": "2026-11-20T10:00:00Z"},
    ]
    with github_that(always((200, answers, {}))) as api, GitHub(api, "token") as github:
        assert github.pushed_at("o/n", "c1") == datetime(2026, 11, 20, 10, tzinfo=UTC)
        assert github.pushed_at("o/n", "c9") is None


def test_who_asks_too_much_waits_as_long_as_is_said() -> None:
    replies: list[Reply] = [
        (403, {}, {"Retry-After": "7"}),
        (429, {}, {"Retry-After": "100000"}),
        (201, {"id": 1}, {}),
    ]
    waited: list[float] = []
    with github_that(always(*replies)) as api, GitHub(api, "token", waited.append) as github:
        github.add_check_run("o/n", {"name": "x"})
    assert waited == [7, 300]


@pytest.mark.parametrize(
    ("status", "said"), [(401, "not valid"), (403, "lacks the permission"), (404, "not installed"), (500, "later")]
)
def test_a_refusal_says_what_it_may_be(status: int, said: str) -> None:
    reply: Reply = (status, {"message": "##[error]of a stranger"}, {})
    with github_that(always(reply)) as api, GitHub(api, "tok-en") as github, pytest.raises(OurFault) as caught:
        github.is_private("o/n")
    assert said in str(caught.value)
    assert "stranger" not in str(caught.value)
    assert "tok-en" not in str(caught.value)


def test_nobody_answers() -> None:
    with github_that(always((200, {}, {}))) as api:
        pass
    waited: list[float] = []
    with GitHub(api, "token", waited.append) as github, pytest.raises(OurFault, match="could not be asked `GET"):
        github.is_private("o/n")
    assert waited == [1, 1, 1]


@pytest.mark.parametrize(("api", "token"), [("http://example.org", "t"), ("file:///x", "t"), ("https://x", "")])
def test_addresses_and_tokens_that_are_none_are_refused(api: str, token: str) -> None:
    with pytest.raises(UsageError):
        GitHub(api, token)


def test_a_token_that_would_be_another_header_is_refused_and_not_shown() -> None:
    with pytest.raises(UsageError) as caught:
        GitHub("https://api.github.com", "secret\r\nHost: x")
    assert "secret" not in str(caught.value)
