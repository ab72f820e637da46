"""What is revealed proves that graders have not changed, and nothing else can pass for it."""

import ast
import io
import json
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.release.release_world import SLUG, Release, copied, make_course
from tests.verify.test_audit import change

from proctor.errors import CourseError, UsageError
from proctor.release import verify_reveal
from proctor.release.commitment import archive_of, commitment_of
from proctor.release.reveal import RevealWish, reveal
from proctor.release.verify_reveal import verify

TESTS = f"graders/{SLUG}/test_toy.py"


def revealed(made: Release, out: Path, *, of: Path | None = None) -> Path:
    """Reveal a release, as the command does; return the folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(made.course.root)
        reveal(RevealWish(made.key, out, of))
    return out


@pytest.fixture
def made_here(made: Release, tmp_path: Path) -> Release:
    """Return a release that a test may change."""
    return copied(made, tmp_path)


@pytest.fixture
def shown(made_here: Release, tmp_path: Path) -> Path:
    """Return a folder with what is revealed of it."""
    return revealed(made_here, tmp_path / "revealed", of=made_here.tree)


def edit(path: Path, changed: Callable[[dict[str, dict[str, object]]], object]) -> None:
    """Change what a JSON file says of exercises."""
    document = json.loads(path.read_bytes())
    changed(document["exercises"])
    path.write_text(json.dumps(document), encoding="utf-8")


def test_what_is_revealed_is_as_promised(made_here: Release, shown: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(shown, made_here.tree) == 0
    assert capsys.readouterr().out == f"{SLUG}: as promised (2 files)\n"


def test_the_program_that_students_run_needs_nothing_but_python(made_here: Release, shown: Path) -> None:
    program = [sys.executable, "-I", "-S", str(shown / "verify_reveal.py"), str(made_here.tree)]
    before = sorted(shown.parent.rglob("*"))
    told = subprocess.run(program, check=False, capture_output=True, text=True, cwd="/")
    assert (told.returncode, told.stdout) == (0, f"{SLUG}: as promised (2 files)\n")
    assert sorted(shown.parent.rglob("*")) == before


def test_the_program_can_be_read_by_an_older_python() -> None:
    text = Path(verify_reveal.__file__).read_text(encoding="utf-8")
    tree = ast.parse(text, feature_version=(3, 7))
    imports = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert imports <= sys.stdlib_module_names


@pytest.mark.parametrize("arguments", [[], ["one", "two"]])
def test_a_wrong_command_line_is_told(shown: Path, arguments: list[str]) -> None:
    program = [sys.executable, "-I", str(shown / "verify_reveal.py"), *arguments]
    told = subprocess.run(program, check=False, capture_output=True, text=True)
    assert (told.returncode, told.stdout) == (2, "usage: python -I verify_reveal.py STUDENT_TREE\n")


def test_any_byte_of_an_archive_counts(made_here: Release, shown: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = shown / f"{SLUG}.tar"
    archive = path.read_bytes()
    for place in range(0, len(archive), 97):
        path.write_bytes(archive[:place] + bytes([archive[place] ^ 1]) + archive[place + 1 :])
        assert verify(shown, made_here.tree) == 1
    assert set(capsys.readouterr().out.splitlines()) == {
        f"{SLUG}: NOT AS PROMISED: archive and salt do not give the commitment"
    }


@pytest.mark.parametrize(
    ("file", "field"), [("revealed/reveal.json", "salt"), ("students/graders/manifest.json", "commitment")]
)
def test_any_digit_of_salt_and_commitment_counts(
    made_here: Release, shown: Path, file: str, field: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = shown.parent / file
    written = path.read_bytes()
    for place in range(64):

        def flip(exercises: dict[str, dict[str, object]], place: int = place) -> None:
            digits = str(exercises[SLUG][field])
            exercises[SLUG][field] = digits[:place] + ("0" if digits[place] != "0" else "1") + digits[place + 1 :]

        edit(path, flip)
        assert verify(shown, made_here.tree) == 1
        path.write_bytes(written)
    assert capsys.readouterr().out.count(f"{SLUG}: NOT AS PROMISED") == 64


def test_bytes_cannot_be_moved_from_the_archive_to_the_salt(
    made_here: Release, shown: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = shown / f"{SLUG}.tar"
    archive = path.read_bytes()
    path.write_bytes(archive[1:])
    edit(shown / "reveal.json", lambda all_: all_[SLUG].update(salt=f"{all_[SLUG]['salt']}{archive[:1].hex()}"))
    assert verify(shown, made_here.tree) == 1
    assert "64 digits" in capsys.readouterr().out


def test_an_exercise_that_is_not_revealed_is_told(
    made_here: Release, shown: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(shown / "reveal.json", lambda exercises: exercises.pop(SLUG))
    assert verify(shown, made_here.tree) == 1
    assert f"{SLUG}: NOT AS PROMISED: it was promised and is not revealed" in capsys.readouterr().out


def test_an_exercise_that_was_never_promised_is_told(
    made_here: Release, shown: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(shown / "reveal.json", lambda exercises: exercises.update(another=exercises[SLUG]))
    assert verify(shown, made_here.tree) == 1
    assert "another: NOT AS PROMISED: it was never promised" in capsys.readouterr().out


def test_an_archive_that_is_gone_is_told(made_here: Release, shown: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shown / f"{SLUG}.tar").unlink()
    assert verify(shown, made_here.tree) == 1
    assert f"{SLUG}: NOT AS PROMISED: the archive cannot be read" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["reveal.json", "../students/graders/manifest.json"])
@pytest.mark.parametrize("content", [None, b"{", b"\xff", b"[]", b"{}", b'{"exercises": {}}', b"1"])
def test_what_cannot_be_read_is_told(
    made_here: Release, shown: Path, name: str, content: bytes | None, capsys: pytest.CaptureFixture[str]
) -> None:
    (shown / name).unlink()
    if content is not None:
        (shown / name).write_bytes(content)
    assert verify(shown, made_here.tree) == 2
    assert Path(name).name in capsys.readouterr().out


@pytest.mark.parametrize("slug", ["../up", "a/b", "", ".", "UP"])
def test_an_exercise_whose_name_is_a_path_is_not_read(made_here: Release, shown: Path, slug: str) -> None:
    edit(shown / "reveal.json", lambda exercises: exercises.update({slug: exercises[SLUG]}))
    assert verify(shown, made_here.tree) == 2


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("../outside.py", tarfile.REGTYPE),
        (f"graders/{SLUG}/../../outside.py", tarfile.REGTYPE),
        ("/etc/passwd", tarfile.REGTYPE),
        ("graders/another/test_another.py", tarfile.REGTYPE),
        (f"graders/{SLUG}/..", tarfile.REGTYPE),
        (f"graders/{SLUG}/link.py", tarfile.SYMTYPE),
        (f"graders/{SLUG}/folder", tarfile.DIRTYPE),
    ],
)
def test_entries_that_do_not_belong_there_are_refused_even_if_they_were_promised(
    made_here: Release, shown: Path, name: str, kind: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    promise_archive(made_here, shown, (name, kind))
    assert verify(shown, made_here.tree) == 1
    assert f"{SLUG}: NOT AS PROMISED: the archive has " in capsys.readouterr().out


def test_two_files_of_one_name_are_refused(made_here: Release, shown: Path, capsys: pytest.CaptureFixture[str]) -> None:
    promise_archive(made_here, shown, (TESTS, tarfile.REGTYPE), (TESTS, tarfile.REGTYPE))
    assert verify(shown, made_here.tree) == 1
    assert "two files of one name" in capsys.readouterr().out


def promise_archive(made: Release, shown: Path, *entries: tuple[str, bytes]) -> None:
    """Reveal another archive, and forge the commitment, so that it fits."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, kind in entries:
            entry = tarfile.TarInfo(name)
            entry.type = kind
            archive.addfile(entry)
    (shown / f"{SLUG}.tar").write_bytes(buffer.getvalue())
    salt = bytes.fromhex(json.loads((shown / "reveal.json").read_bytes())["exercises"][SLUG]["salt"])
    forged = commitment_of(salt, buffer.getvalue())
    edit(made.tree / "graders" / "manifest.json", lambda exercises: exercises[SLUG].update(commitment=forged))


def test_no_file_of_an_archive_is_even_opened(made_here: Release, shown: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("extract", "extractall", "extractfile"):
        monkeypatch.setattr(tarfile.TarFile, name, None)
    assert verify(shown, made_here.tree) == 0


# The command


def test_graders_that_were_changed_are_not_revealed(made_here: Release, tmp_path: Path) -> None:
    change(made_here.course.root, TESTS, ".equals(0)", ".equals(0.0)")
    with pytest.raises(CourseError, match=f"`{SLUG}` is graded by something else now"):
        revealed(made_here, tmp_path / "revealed")
    assert not (tmp_path / "revealed").exists()


def test_it_says_which_commit_was_released(made_here: Release, tmp_path: Path) -> None:
    key = tmp_path / "key.json"
    document = json.loads(made_here.key.read_bytes())
    key.write_text(json.dumps({**document, "revision": "abc123"}), encoding="utf-8")
    change(made_here.course.root, TESTS, ".equals(0)", ".equals(0.0)")
    with pytest.raises(CourseError, match="Reveal from `git checkout abc123`"):
        revealed(replace(made_here, key=key), tmp_path / "revealed")


def test_an_exercise_that_is_gone_is_not_revealed(made_here: Release, tmp_path: Path) -> None:
    shutil.rmtree(made_here.course.root)
    make_course(made_here.course.root)
    path = tmp_path / "key.json"
    path.write_bytes(made_here.key.read_bytes())
    edit(path, lambda exercises: exercises.update(gone=exercises[SLUG]))
    with pytest.raises(CourseError, match="`gone` is not there any more"):
        revealed(replace(made_here, key=path), tmp_path / "revealed")


def test_a_key_opens_no_other_tree(made_here: Release, tmp_path: Path) -> None:
    edit(made_here.tree / "graders" / "manifest.json", lambda all_: all_[SLUG].update(commitment="0" * 64))
    with pytest.raises(CourseError, match=f"does not open the commitments in .*: `{SLUG}`"):
        revealed(made_here, tmp_path / "revealed", of=made_here.tree)
    assert not (tmp_path / "revealed").exists()


@pytest.mark.parametrize("place", ["key", "of", "out", "parent"])
def test_places_that_cannot_be_are_told(made_here: Release, tmp_path: Path, place: str) -> None:
    wrong = {
        "key": "is no key|cannot be read",
        "of": "is no student tree",
        "out": "is there already",
        "parent": "no folder",
    }
    broken = replace(made_here, key=tmp_path / "absent.json") if place == "key" else made_here
    out = {"out": tmp_path, "parent": tmp_path / "nowhere" / "revealed"}.get(place, tmp_path / "revealed")
    with pytest.raises(UsageError, match=wrong[place]):
        revealed(broken, out, of=made_here.course.root if place == "of" else None)


def test_what_is_revealed_is_what_grades(made_here: Release, shown: Path) -> None:
    assert (shown / f"{SLUG}.tar").read_bytes() == archive_of(made_here.course.exercise(SLUG))
    assert sorted(path.name for path in shown.iterdir()) == ["reveal.json", f"{SLUG}.tar", "verify_reveal.py"]
