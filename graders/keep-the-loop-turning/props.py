"""Says which thread runs the event loop. Runs beside the submission: it reports, and judges nothing."""

import threading


def loop_thread() -> int:
    """Return the thread of the event loop; called on it."""
    return threading.get_ident()
