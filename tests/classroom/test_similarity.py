"""Copies are found whatever their author renames and moves; two honest answers are not."""

import builtins
import io
import keyword
import os
import random
import re
import subprocess
import sys
import tokenize
from functools import cache
from pathlib import Path

import pytest

from proctor.catalog import Exercise, load_exercise
from proctor.classroom import similarity
from proctor.classroom.similarity import LONGEST, similar_pairs
from proctor.errors import UsageError

ROOT = Path(__file__).parents[2]


@cache
def exercise(slug: str = "desk-dependencies") -> Exercise:
    return load_exercise(ROOT, slug)


def reference(slug: str = "desk-dependencies") -> str:
    return (exercise(slug).solution / "main.py").read_text(encoding="utf-8")


def files(text: str | bytes) -> dict[str, bytes]:
    return {"main.py": text.encode() if isinstance(text, str) else text}


def renamed(text: str) -> str:
    """Return a source in which every name of its own has another one, and every comment is gone."""
    kept = {*keyword.kwlist, *dir(builtins), "fastapi", "typing", "collections", "abc", "annotations", "self"}
    tokens = [token for token in tokenize.generate_tokens(io.StringIO(text).readline) if token.type != tokenize.COMMENT]
    return tokenize.untokenize(
        (token.type, f"{token.string}_of_mine")
        if token.type == tokenize.NAME and token.string not in kept
        else (token.type, token.string)
        for token in tokens
    )


def moved(text: str) -> str:
    """Return a source whose functions and classes stand in the opposite order."""
    head, *pieces = re.split(r"\n\n\n(?=@|def |class |async def )", text.rstrip("\n"))
    assert len(pieces) > 2
    return "\n\n\n".join([head, *reversed(pieces)]) + "\n"


def test_a_copy_with_other_names_and_one_in_another_order_are_found() -> None:
    found = similar_pairs(
        exercise(),
        {"original": files(reference()), "renamed": files(renamed(reference())), "moved": files(moved(reference()))},
    )
    assert {(pair.first, pair.second) for pair in found} == {
        ("moved", "original"),
        ("moved", "renamed"),
        ("original", "renamed"),
    }
    for pair in found:
        assert pair.exercise == "desk-dependencies"
        assert pair.shared_tokens > 500


@pytest.mark.parametrize("slug", ["desk-dependencies", "two-callables", "contract-first"])
def test_different_right_answers_are_not(slug: str) -> None:
    answers = {"main": files(reference(slug))}
    for variant in exercise(slug).accepted_variants():
        answers[variant.name] = files(variant.files["main.py"].read_bytes())
    assert len(answers) >= 4
    assert similar_pairs(exercise(slug), answers) == []


def test_what_the_stub_has_is_nobodys_own() -> None:
    stub = exercise().stub_files
    longer = {"main.py": stub["main.py"] + b"\n\ntotal = 1\n"}
    assert similar_pairs(exercise(), {"a": stub, "b": stub, "c": longer, "d": longer}, threshold=0.0) == []


def test_given_files_are_nobodys_own() -> None:
    with_given = exercise("trade-report")
    given = next(content for name, content in with_given.given.items() if name.endswith(".py"))
    assert similar_pairs(with_given, {"a": files(given), "b": files(given)}, threshold=0.0) == []


def test_the_same_files_are_alike_in_every_token_and_whoever_wrote_more_has_the_lower_share() -> None:
    more = reference() + "\n\n" + reference("contract-first")
    equal, *others = similar_pairs(
        exercise(), {"b": files(reference()), "a": files(reference()), "longer": files(more)}, threshold=0.5
    )
    assert (equal.first, equal.second, equal.share_of_first, equal.share_of_second) == ("a", "b", 1.0, 1.0)
    assert [(pair.first, pair.second) for pair in others] == [("a", "longer"), ("b", "longer")]
    for pair in others:
        assert pair.share_of_second < pair.share_of_first
        assert pair.share_of_first > 0.95


def test_repetitions_within_a_submission_are_not_taken_for_the_stub() -> None:
    lines = [f"    a[{number} * b] = [c // {number}, {{d: e ** {number}}}, (f, g, {number})]\n" for number in range(9)]
    once = "def first(a, b):\n" + "".join(lines)
    (pair,) = similar_pairs(exercise(), {"a": files(once * 2), "b": files(once)}, threshold=0.0)
    assert pair.share_of_first > 0.95
    assert pair.share_of_second == 1.0


def test_a_few_lines_that_are_the_same_are_no_pair() -> None:
    few = "def first(a, b):\n    return [a * 3 + b, b - a // 7, {a: b ** 2}]\n"
    assert similar_pairs(exercise(), {"a": files(few), "b": files(few)}, threshold=0.0) == []


def test_nothing_hostile_stops_or_hides_the_others() -> None:
    most = 256 << 10
    noise = random.Random(4).randbytes(most)  # noqa: S311 - the same one every time, and no secret
    hostile: list[bytes] = [
        b"",
        b"\xff\xfe\x00" * 1000,
        noise,
        b"a" * most,
        b"a " * (most // 2),
        b"(" * most,
        b"[" * 5000 + b"]" * 5000,
        b"\t\n" * (most // 2),
        b"x" + b" \n" * (most // 2),
        b"\\\n" * (most // 2),
        b'"""' + b"x\n" * (most // 3),
        b"f'{" * (most // 3),
        b"def broken(:\n  ?? \x00",
        b"if 1:\n" + b"".join(b" " * depth + b"if 1:\n" for depth in range(500)),
        "\u202e\ufeff\u0300".encode() * 1000,
    ]
    submissions = {f"h{number:02}": files(content) for number, content in enumerate(hostile)}
    submissions |= {"nothing": {}, "other": {"other.py": b"a = 1"}}
    submissions |= {"x": files(reference()), "y": files(renamed(reference()))}
    found = similar_pairs(exercise(), submissions)
    assert ("x", "y") in {(pair.first, pair.second) for pair in found}
    assert len(hostile[3]) > LONGEST


def test_pairs_come_in_the_same_order_in_every_process() -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from proctor.catalog import load_exercise\n"
        "from proctor.classroom.similarity import similar_pairs\n"
        "exercise = load_exercise(Path(sys.argv[1]), 'desk-dependencies')\n"
        "answers = {v.name: {n: p.read_bytes() for n, p in v.files.items()} for v in exercise.accepted_variants()}\n"
        "print(similar_pairs(exercise, answers, threshold=0.0))\n"
    )
    other = subprocess.run(
        [sys.executable, "-W", "error", "-c", program, str(ROOT)],
        env={**os.environ, "PYTHONHASHSEED": "1"},  # copydetect chooses by `hash`, which is another one here
        capture_output=True,
        text=True,
        check=True,
    )
    answers = {
        variant.name: {name: path.read_bytes() for name, path in variant.files.items()}
        for variant in exercise().accepted_variants()
    }
    found = similar_pairs(exercise(), answers, threshold=0.0)
    assert len(found) > 2
    assert other.stdout == f"{found}\n"
    assert other.stderr == ""


def test_without_the_library_the_error_names_what_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ModuleNotFoundError(f"No module named '{name}'")

    monkeypatch.setattr(similarity, "import_module", missing)
    with pytest.raises(UsageError, match=r'pip install "proctor\[similarity\]"'):
        similar_pairs(exercise(), {})
