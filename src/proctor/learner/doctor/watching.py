"""Does `nox -s watch` hear of a saved file at once?"""

from collections.abc import Iterator
from pathlib import Path

from proctor.learner.doctor.finding import Finding, Section, note, ok, problem

__all__ = ["examine_watching"]


def examine_watching(folder: Path) -> Section:
    """Save a file for a trial below a folder, and look whether its event arrives."""
    return Section("File events", _findings(folder))


def _findings(folder: Path) -> Iterator[Finding]:
    try:
        from proctor.learner.file_events import file_events_arrive  # noqa: PLC0415 - it may be what is missing
    except ModuleNotFoundError as error:
        yield problem(f"`nox -s watch` needs the package `{error.name}`: see the section on the environment")
        return
    events = file_events_arrive(folder)
    if events.works:
        yield ok(f"`nox -s watch` hears of a saved file at once: {events.why}")
    else:
        mends = [events.mend] if events.mend else []
        details = (f"why: {events.why}",)
        yield note(
            "`nox -s watch` works, and looks at the files itself several times a second", *mends, details=details
        )
