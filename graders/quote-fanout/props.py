"""A way to hold the event loop. Runs beside the submission, and judges nothing."""

from collections.abc import Callable


def wait_for(bell: Callable[[], object]) -> None:
    """Keep the event loop busy until the grader rings: what it sends meanwhile arrives together."""
    bell()
