"""A promise about graders that gives nothing away, and can be checked once they are shown.

``commitment = sha256(salt || archive)``. The archive has every file that decides on the score of an exercise, in a form
that depends on their names and contents alone: USTAR, names sorted, every other field of a header the same. The salt
has 32 random bytes, one salt for each exercise. Without it, nobody can try guesses against a commitment; with it,
nobody can find other graders that fit the same one. Since its length is fixed, it is plain where the archive begins.

What is not in it: the engine, whose version students have, and the versions of packages.
"""

import hashlib
import io
import secrets
import tarfile
from typing import Final

from proctor.catalog import Exercise

__all__ = ["SALT_BYTES", "archive_of", "commitment_of", "new_salt"]

SALT_BYTES: Final = 32


def archive_of(exercise: Exercise) -> bytes:
    """Return the archive of everything that decides on a score. Raises OSError when a file cannot be read."""
    paths = exercise.deciding_files
    contents = {path.relative_to(exercise.root).as_posix(): path.read_bytes() for path in paths}
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in sorted(contents.items()):
            entry = tarfile.TarInfo(name)  # a plain file of nobody's, from the year 1970
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def commitment_of(salt: bytes, archive: bytes) -> str:
    """Return the commitment to an archive, in hexadecimal. Raises ValueError for a salt of another length."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, and not {len(salt)}")
    return hashlib.sha256(salt + archive).hexdigest()


def new_salt() -> bytes:
    """Draw a salt."""
    return secrets.token_bytes(SALT_BYTES)
