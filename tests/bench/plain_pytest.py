"""How plain pytest is called: without any plugin that it does not need."""

import sys
from collections.abc import Iterable

__all__ = ["checks_file", "plain_pytest"]


def checks_file(slug: str) -> str:
    """Return where the plain checks of an exercise are, or would be."""
    return f"tests/bench/plain/{slug.replace('-', '_')}_checks.py"


def plain_pytest(slugs: Iterable[str], *options: str) -> list[str]:
    """Return the command that runs the plain checks of exercises (`tests/bench/plain`)."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "pytest_asyncio.plugin"]
    files = [checks_file(slug) for slug in slugs]
    return [*command, "-o", "addopts=", *options, *files]
