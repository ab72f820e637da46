"""A commitment fits one salt and one archive, and an archive has all that decides on a score and nothing else."""

import hashlib
import io
import os
import tarfile
from pathlib import Path

import pytest
from tests.release.release_world import SLUG, make_course
from tests.verify.test_audit import change

from proctor.catalog import load_course
from proctor.release.commitment import archive_of, commitment_of, new_salt

SALT = bytes(range(32))


def files_in(archive: bytes) -> dict[str, bytes]:
    """Return what is in an archive."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as opened:
        contents = {member.name: opened.extractfile(member) for member in opened.getmembers()}
        return {name: content.read() for name, content in contents.items() if content is not None}


def test_an_archive_has_what_decides_on_a_score(tmp_path: Path) -> None:
    exercise = make_course(tmp_path).exercise(SLUG)
    for name in (f"{SLUG}/props.py", "shared_checks/pages.py", f"{SLUG}/notes.txt"):
        change(tmp_path, f"graders/{name}", "", "x = 1\n")
    names = list(files_in(archive_of(exercise)))
    assert names == [
        f"exercises/{SLUG}/exercise.toml",
        "graders/shared_checks/pages.py",
        f"graders/{SLUG}/props.py",
        f"graders/{SLUG}/test_toy.py",
    ]


def test_what_changes_the_digest_of_graders_changes_the_archive(tmp_path: Path) -> None:
    make_course(tmp_path)
    change(
        tmp_path, f"exercises/{SLUG}/exercise.toml", 'files = ["main.py"]', 'files = ["main.py"]\ngiven = ["desk.py"]'
    )
    for name in (f"exercises/{SLUG}/desk.py", f"graders/{SLUG}/props.py", "graders/shared_checks/pages.py"):
        change(tmp_path, name, "", "x = 1\n")
    exercise = load_course(tmp_path).exercise(SLUG)
    files = files_in(archive_of(exercise))
    digest = hashlib.sha256()
    for path in [
        *sorted(tmp_path / name for name in files if not name.endswith(".toml")),
        exercise.folder / "exercise.toml",
    ]:
        content = files[path.relative_to(tmp_path).as_posix()]
        digest.update(f"{path.relative_to(tmp_path)}\0{len(content)}\0".encode() + content)
    assert exercise.graders_digest == f"sha256:{digest.hexdigest()}"


def test_an_archive_depends_on_names_and_contents_alone(tmp_path: Path) -> None:
    one, other = (make_course(tmp_path / name).exercise(SLUG) for name in ("one", "other"))
    for path in other.grader.glob("*.py"):
        path.chmod(0o400)
        os.utime(path, (1, 1))
    assert archive_of(one) == archive_of(other)


def test_an_archive_says_nothing_of_who_made_it_and_when(tmp_path: Path) -> None:
    with tarfile.open(fileobj=io.BytesIO(archive_of(make_course(tmp_path).exercise(SLUG)))) as archive:
        for member in archive.getmembers():
            assert (member.mtime, member.uid, member.gid, member.uname, member.gname) == (0, 0, 0, "", "")
            assert (member.mode, member.type, member.pax_headers) == (0o644, tarfile.REGTYPE, {})


def test_a_commitment_is_the_digest_of_salt_and_archive() -> None:
    assert commitment_of(SALT, b"archive") == hashlib.sha256(SALT + b"archive").hexdigest()


@pytest.mark.parametrize("salt", [SALT[:-1], SALT + b"a", b""], ids=["shorter", "longer", "none"])
def test_bytes_cannot_be_moved_between_salt_and_archive(salt: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        commitment_of(salt, b"rchive")


def test_every_salt_is_another() -> None:
    assert len({new_salt() for _ in range(20)}) == 20
