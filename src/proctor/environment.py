"""What a verdict depends on beside the submission and its graders: Proctor itself, Python, and what is installed."""

import hashlib
import sys
from collections.abc import Iterable
from functools import cache
from importlib.metadata import distributions
from pathlib import Path

from proctor import __file__ as package

__all__ = ["digest_of_content", "environment_digest"]


@cache
def environment_digest() -> str:
    """Return the SHA-256 over Python's version, names and versions of all packages, and Proctor's own sources."""
    root = Path(package).parent
    packages = sorted(f"{one.name} {one.version}" for one in distributions())
    told = "\n".join([sys.version, *packages, digest_of_content(root, sorted(root.rglob("*.py")))])
    return f"sha256:{hashlib.sha256(told.encode()).hexdigest()}"


def digest_of_content(root: Path, paths: Iterable[Path]) -> str:
    """Return the SHA-256, in hexadecimal, over names below ``root`` and contents of these files, in their order."""
    digest = hashlib.sha256()
    for path in paths:
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root)}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()
