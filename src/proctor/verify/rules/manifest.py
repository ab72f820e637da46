"""Rules about what an exercise says of itself: hints, links, prerequisites."""

import re
from collections.abc import Iterator
from itertools import chain
from typing import Final
from urllib.parse import urlsplit

from proctor.verify.finding import Flaw
from proctor.verify.subject import Subject

__all__ = ["RULES"]

HINTS: Final = 3
SENTENCE: Final = re.compile(r".*[.?!)`]", re.DOTALL)
PLACEHOLDER: Final = re.compile(r"\b(?:TODO|FIXME|XXX|lorem ipsum)\b|\.\.\.$|…$|^<.*>$", re.IGNORECASE)
MARKDOWN_LINK: Final = re.compile(r"\]\((?P<target>[^)\s]*)\)")
EXAMPLE_HOST: Final = re.compile(r"(?:.*\.)?(?:example\.(?:com|org|net)|localhost|example|invalid|test)")


def hints_are_three_sentences(subject: Subject) -> Iterator[Flaw]:
    """There are three hints, each a sentence of its own: a nudge, a pointer, the near-answer."""
    where, hints = subject.place(subject.exercise.folder / "exercise.toml"), subject.exercise.manifest.hints
    if len(set(hints)) != HINTS:
        yield Flaw(where, "does not have three different hints", "write a nudge, a pointer and the near-answer")
    for number, hint in enumerate(hints, 1):
        if PLACEHOLDER.search(hint) or not SENTENCE.fullmatch(hint):
            yield Flaw(where, f"hint {number} is no finished sentence: {hint!r}", "write it out, with its full stop")


def the_manifest_is_filled_in(subject: Subject) -> Iterator[Flaw]:
    """Title, summary, topics and interface say something."""
    manifest = subject.exercise.manifest
    texts = {"title": [manifest.title], "summary": [manifest.summary], "topics": manifest.topics}
    for field, values in {**texts, "interface": manifest.interface}.items():
        for value in values:
            if not value.strip() or PLACEHOLDER.search(value):
                where = subject.place(subject.exercise.folder / "exercise.toml")
                yield Flaw(where, f"`{field}` still has the placeholder {value!r}", "write what belongs there")


def links_are_well_formed(subject: Subject) -> Iterator[Flaw]:
    """Every link is an https address of a page that can exist, or a file of the repository."""
    exercise = subject.exercise
    readme, declared = exercise.folder / "README.md", exercise.grader / "mistakes.toml"
    text = readme.read_text(encoding="utf-8") if readme.is_file() else ""
    links = chain(
        ((exercise.folder / "exercise.toml", str(link)) for link in exercise.manifest.docs),
        ((readme, link["target"]) for link in MARKDOWN_LINK.finditer(text)),
        ((declared, str(mistake.link)) for mistake in subject.mistakes.values()),
        ((declared, mistake.evidence) for mistake in subject.mistakes.values() if mistake.evidence),
    )
    for path, link in dict.fromkeys(links):
        is_near = path == readme and "://" not in link and (path.parent / link.partition("#")[0]).exists()
        if not is_near and (fault := _fault(link)):
            yield Flaw(subject.place(path), f"the link `{link}` {fault}", "name the page that explains it, with https")


def prerequisites_come_earlier(subject: Subject) -> Iterator[Flaw]:
    """What an exercise takes for granted is taught by an exercise before it."""
    where, slug = subject.place(subject.exercise.folder / "exercise.toml"), subject.exercise.slug
    for name in subject.exercise.manifest.prerequisites:
        if name not in subject.order:
            yield Flaw(where, f"the prerequisite `{name}` is not in the course", "name an exercise of `course.toml`")
        elif subject.order.index(name) >= subject.order.index(slug):
            what = f"the prerequisite `{name}` does not come before it in the course"
            yield Flaw(where, what, "change the order in `exercises/course.toml`, or drop the prerequisite")


RULES: Final = (
    the_manifest_is_filled_in,
    hints_are_three_sentences,
    links_are_well_formed,
    prerequisites_come_earlier,
)


def _fault(link: str) -> str:
    """Say what is wrong with a link, or return an empty text."""
    try:
        parts = urlsplit(link)
        host = parts.hostname or ""
    except ValueError:
        return "is no address"
    if parts.scheme != "https":
        return "does not begin with `https://`"
    if PLACEHOLDER.search(link) or EXAMPLE_HOST.fullmatch(host):
        return "is a placeholder"
    return "" if "." in host and not host.startswith(".") and not host.endswith(".") else "names no host"
