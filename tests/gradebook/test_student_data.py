"""What is stored about a student can be read as a whole, and removed without a trace."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.gradebook.evidence import ADA, BOB, attempt, card, decision, receipt

from proctor.errors import UsageError
from proctor.gradebook.gradebook import Gradebook
from proctor.gradebook.student_data import Forgotten

OWN = b"the_work_of_ada = 'f\xc3\xa4hig'\r\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "grades [2026].sqlite3"


@pytest.fixture
def gradebook(path: Path) -> Iterator[Gradebook]:
    with Gradebook.open(path, seed=7) as gradebook:
        gradebook.enroll([ADA, BOB])
        gradebook.record(
            [
                attempt("ada", card("sha256:own"), files={"main.py": OWN, "raw.py": b"\xff"}),
                attempt("ada", card("sha256:common")),
                attempt("bob", card("sha256:common")),
            ],
            [receipt("ada", message="seen of ada"), receipt("bob")],
        )
        gradebook.decide(decision("ada", reason="ada was ill"))
        yield gradebook


def test_an_export_has_everything_about_one_student_only(gradebook: Gradebook) -> None:
    exported = json.loads(gradebook.export("ada"))
    assert exported["student"] == ADA.model_dump()
    assert exported["is_enrolled"] is True
    assert [one["scorecard"]["submission"] for one in exported["attempts"]] == ["sha256:own", "sha256:common"]
    assert exported["attempts"][0]["scorecard"] == card("sha256:own").model_dump(mode="json")
    assert exported["attempts"][0]["circumstances"]["isolation"] == ["landlock", "seccomp"]
    assert [one["message"] for one in exported["receipts"]] == ["seen of ada"]
    assert [(one["kind"], one["points"], one["reason"]) for one in exported["decisions"]] == [
        ("override", "55.50", "ada was ill")
    ]
    assert exported["files"] == {
        "sha256:common": {"main.py": "# sha256:common\n"},
        "sha256:own": {"main.py": OWN.decode(), "raw.py": {"base64": "/w=="}},
    }
    assert "bob" not in gradebook.export("ada")


def test_an_export_can_be_read_and_hides_nothing(gradebook: Gradebook) -> None:
    hostile = "ä \x7f \x9b31m \u202e \U000e0041 \ud800 \N{GRINNING FACE}"
    gradebook.record([], [receipt("ada", message=hostile)])
    exported = gradebook.export("ada")
    assert "fähig" in exported
    assert "\N{GRINNING FACE}" in exported
    assert all(line.isprintable() for line in exported.splitlines())
    assert json.loads(exported)["receipts"][0]["message"] == hostile


def test_who_is_forgotten_leaves_nothing_and_others_keep_theirs(gradebook: Gradebook, path: Path) -> None:
    before = [line for line in gradebook.dump() if '"bob"' in line]
    assert gradebook.forget("ada") == Forgotten(attempts=2, receipts=1, decisions=1, files=2)
    assert gradebook.students() == [BOB]
    assert [line for line in gradebook.dump() if '"bob"' in line] == before
    assert [one.student for one in gradebook.attempts()] == ["bob"]
    assert gradebook.files("sha256:own") == {}
    assert gradebook.files("sha256:common") == {"main.py": b"# sha256:common\n"}
    gradebook.close()
    content = path.read_bytes()
    for trace in (b"ada", b"Lovelace", b"the_work_of_ada", b"sha256:own", b"55.50"):
        assert trace not in content
    with Gradebook.open(path, seed=7) as again:
        assert [one.student for one in again.attempts()] == ["bob"]


def test_who_has_left_can_be_exported_and_forgotten_too(gradebook: Gradebook) -> None:
    gradebook.enroll([BOB])
    assert json.loads(gradebook.export("ada"))["is_enrolled"] is False
    assert gradebook.forget("ada").attempts == 2
    with pytest.raises(UsageError, match="no student `ada`"):
        gradebook.forget("ada")


def test_an_unknown_student_is_told_with_the_nearest(gradebook: Gradebook) -> None:
    for unknown in ("adda", "ad\x1ba", "ad\ud800a"):
        with pytest.raises(UsageError, match=r"Did you mean `ada`\?") as told:
            gradebook.export(unknown)
        assert str(told.value).isprintable()
        with pytest.raises(UsageError, match=r"Did you mean `ada`\?"):
            gradebook.forget(unknown)
    assert gradebook.attempts("ada")


def test_backups_that_still_hold_the_student_are_named(gradebook: Gradebook, path: Path) -> None:
    def copy(name: str) -> Path:
        copied = path.with_name(name)
        with closing(sqlite3.connect(copied)) as target, closing(sqlite3.connect(path)) as source:
            source.backup(target)
        return copied

    with_both = copy("grades [2026]-backup-v1-20260101T000000000000Z.sqlite3")
    gradebook.forget("bob")
    copy("grades [2026]-backup-v1-20260201T000000000000Z.sqlite3")
    copy("grades 2-backup-v1-20260301T000000000000Z.sqlite3")  # of another gradebook
    unfinished = path.with_name("grades [2026]-backup-v1-20260401T000000000000Z.sqlite3.unfinished")
    unfinished.write_bytes(b"not a database at all" * 100)
    gradebook.enroll([ADA, BOB])
    assert gradebook.forget("bob").backups == (with_both, unfinished)


def test_a_gradebook_that_cannot_shrink_has_forgotten_all_the_same(gradebook: Gradebook, path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        gradebook._file._database.execute("PRAGMA busy_timeout = 0")  # noqa: SLF001 - so that nobody waits
        shrink = gradebook._file.shrink  # noqa: SLF001 - same

        def shrink_beside_a_reader() -> None:
            reader.execute("BEGIN")
            reader.execute("SELECT * FROM about").fetchall()
            shrink()

        gradebook._file.shrink = shrink_beside_a_reader  # noqa: SLF001 - somebody looks at that moment
        assert gradebook.forget("ada").attempts == 2
        assert "`ada` is forgotten" in gradebook.notices[0]
    gradebook.close()
    assert b"the_work_of_ada" not in path.read_bytes()
