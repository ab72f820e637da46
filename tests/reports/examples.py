"""Reports made by hand: the running example of the formats, one that our own fault has spoilt, and a hostile one."""

from collections.abc import Sequence
from typing import Final

from proctor.scorecard import CheckResult, Outcome, Report, Scorecard, Status, Visibility

__all__ = [
    "FAULTY", "HIDDEN", "HOSTILE", "LACKING", "RIGHT", "RUNNING", "UNAVAILABLE", "UNREADABLE", "WHOLE", "WRONG", "card",
    "check", "hostile_report", "report",
]  # fmt: skip

HOSTILE: Final = (
    "=1+1",
    '+cmd|"/c calc"!A1',
    'comma, semicolon; "quotes" and | bars |',
    "😀 👩‍👩‍👧 🏳️‍🌈",
    "\u202eright to left\u2066 שלום",
    "<img src=x onerror=alert(1)><script>1</script>",
    "</a></td><b>bold</b> &lt;",
    "![image](https://example.org/x.png) [link](javascript:alert(1)) @everyone #1 https://example.org",
    "```\n</details>\n# heading\n```",
    "::error::forged",
    "first\n::notice title=Autograding complete::Points 99/10",
    "first\r::add-mask::1",
    "a line ##[error]forged\n  ::set-output name=score::100",
    "first\r\n\t::stop-commands::x\u2028::error::y\x85::error::z\x0b::error::w",
    "%0A::error::forged%0D",
    "\x00\x07\x1b[2J\x1b]0;title\x07",
    "\ud800 and \udfff",
    "]]> <!-- & \ufffe \uffff",
    "score=100\nEOF\nresult<<EOF",
    "A" * 1_000_000,
    "line\n" * 100_000,
    "",
    "   ",
)


def check(name: str, points: int, score: int | None = 0, message: str = "", **fields: str) -> CheckResult:
    """Make the result of one check; its outcome follows from its score, where None is our fault."""
    outcome = Outcome.ERROR if score is None else Outcome.PASSED if score == points else Outcome.FAILED
    return CheckResult(
        id=name,
        title=fields.get("title", f"It {name}"),
        points=points,
        score=score,
        outcome=outcome,
        visibility=Visibility(fields.get("visibility", "always")),
        message=message,
    )


def card(*checks: CheckResult, exercise: str = "ex01-items", message: str = "") -> Scorecard:
    """Make the scorecard of these checks."""
    is_decided = all(each.score is not None for each in checks)
    return Scorecard(
        exercise=exercise,
        submission="sha256:aa",
        graders="sha256:bb",
        status=Status.GRADED if is_decided else Status.ERROR,
        score=sum(each.score or 0 for each in checks) if is_decided else None,
        max_score=sum(each.points for each in checks),
        duration_s=1.25,
        message=message,
        checks=checks,
    )


def report(*cards: Scorecard) -> Report:
    """Make the report of these scorecards."""
    return Report(proctor="1.0", seed=7, isolation=("separate process",), scorecards=cards)


RIGHT: Final = check("lists_items", 3, 3)
WRONG: Final = check("missing_item_is_404", 2, 0, "GET /items/99: expected status 404, got 200")
HIDDEN: Final = check("creates_item", 5, 2, "the Location header is missing", visibility="after_due")

RUNNING: Final = report(card(RIGHT, WRONG, HIDDEN))
"""5 of 10 points, and 3 of 5 public ones."""

WHOLE: Final = report(card(RIGHT, check("missing_item_is_404", 2, 2), check("creates_item", 5, 5)))
FAULTY: Final = report(card(RIGHT, check("missing_item_is_404", 2, None, "the stage went silent")))
UNREADABLE: Final = report(
    card(*(check(name, 5, 0, "main.py cannot be loaded") for name in ("one", "two"))).model_copy(
        update={"status": Status.UNREADABLE, "message": "main.py cannot be loaded"}
    )
)
LACKING: Final = card(exercise="nginx-front", message="nginx is not installed").model_copy(
    update={"status": Status.UNAVAILABLE, "score": None, "max_score": 100}
)
UNAVAILABLE: Final = report(LACKING)


def hostile_report(texts: Sequence[str] = HOSTILE) -> Report:
    """Make a report in which everything that can be hostile is: it fails 4 points of 5 for each text, and gives 1."""
    checks: list[CheckResult] = []
    for number, text in enumerate(texts):
        checks.append(check(f"{number}{text}", 4, 0, text, title=text))
        checks.append(check(f"passes_{number}{text}", 1, 1, text, title=text))
    return report(card(*checks, exercise=f"ex01{texts[0]}", message=texts[0]))
