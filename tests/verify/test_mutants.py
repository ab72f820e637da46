"""Mutants: each operator on a small text, and what holds for all mutants of all right answers."""

import ast
from pathlib import Path
from textwrap import dedent

import pytest

from proctor.catalog import load_course
from proctor.verify.mutants import mutants_of

ROOT = Path(__file__).parents[2]
ANSWERS = [exercise.solution / exercise.main_file for exercise in load_course(ROOT)]
"""The reference of every exercise; `proctor verify` compiles the mutants of the other right answers, too."""


def changed(source: str, operator: str) -> list[str]:
    """Return what comes into a text by one operator, mutant by mutant, line by line."""
    return [
        "; ".join(line[1:].strip() for line in mutant.diff.splitlines()[2:] if line.startswith("+"))
        for mutant in mutants_of(dedent(source), "main.py")
        if mutant.operator == operator
    ]


EXAMPLES: list[tuple[str, str, list[str]]] = [
    ("negated-condition", "if ready() and a:\n    b()\n", ["if not (ready() and a):"]),
    ("negated-condition", "x = not y\n", ["x = y"]),
    ("decided-condition", "x = 1 if a else b\n", ["x = 1 if True else b", "x = 1 if False else b"]),
    ("decided-condition", "while a:\n    b()\n", ["while False:"]),
    ("comparison", "x = a < b\n", ["x = a <= b", "x = a >= b"]),
    ("comparison", "x = a not in b\n", ["x = a in b"]),
    ("comparison", "x = a is b\n", ["x = a is not b"]),
    ("boolean-operator", "x = a or b\n", ["x = a and b", "x = b", "x = a"]),
    ("match-case", "match a:\n    case 1 if b:\n        c()\n    case _:\n        d()\n", ["case 1:", "", ""]),
    ("arithmetic", "x = a + b\n", ["x = a - b"]),
    ("arithmetic", "x += 1\n", ["x -= 1", "x = 1"]),
    ("number", "x = 300\n", ["x = 301", "x = 299"]),
    (
        "text",
        "x = 'a' + b'' + rf'{y}c'\n",
        ["x = 'ax' + b'' + rf'{y}c'", "x = 'a' + b'x' + rf'{y}c'", "x = 'a' + b'' + rf'{y}cx'"],
    ),
    ("truth-value", "x = True\n", ["x = False"]),
    ("missing-entry", "x = [a, b]\n", ["x = [b]", "x = [a]"]),
    ("missing-entry", "x = {1}\n", ["x = {}"]),
    ("removed-statement", "x[1] = a\n", ["pass"]),
    ("removed-statement", "def f(token):\n    session.reset(token)\n", ["pass"]),
    ("nothing-returned", "def f():\n    return 1\n", ["return None"]),
    ("early-return", "def f():\n    if a:\n        return\n    b()\n", ["pass"]),
    ("loop", "for a in b:\n    break\n", ["for a in reversed(list(b)):", "for a in list(b)[:1]:", "continue"]),
    ("other-method", "x = a.lower()\n", ["x = a.upper()"]),
    ("swapped-arguments", "f(a, b, c=d)\n", ["f(b, a, c=d)"]),
    ("missing-argument", "f(a, c=d)\n", ["f(a)"]),
    ("default-value", "def f(a=b): ...\n", ["def f(a=None): ..."]),
    ("missing-decorator", "@a\ndef f(): ...\n", [""]),
    ("exception-type", "try:\n    a()\nexcept E:\n    b()\n", ["except Exception:", "except ():"]),
    ("exception-type", "raise E(1)\n", ["raise Exception(1)"]),
    ("missing-await", "async def f():\n    await a()\n", ["a()"]),
    ("one-after-another", "async def f():\n    await gather(a(), *b)\n", ["[await a(), *[await one for one in b]]"]),
    ("one-after-another", "async def f():\n    group.create_task(a())\n", ["(await a())"]),
    ("one-after-another", "async def f():\n    group.start_soon(a, b)\n", ["(await a(b))"]),
    ("blocked-loop", "async def f():\n    await asyncio.to_thread(a, b)\n", ["a(b)"]),
    ("blocked-loop", "async def f():\n    await loop.run_in_executor(None, a, b)\n", ["a(b)"]),
    ("blocked-loop", "@app.get('/')\ndef f(): ...\n", ["async def f(): ..."]),
    ("missing-limit", "async def f():\n    await wait_for(a(), 1)\n", ["await a()"]),
    (
        "await-before-try",
        "async def f():\n    try:\n        await a()\n    finally:\n        b()\n",
        ["await a(); pass"],
    ),
    ("missing-context", "async def f():\n    async with lock:\n        a()\n", ["if True:"]),
    ("missing-cleanup", "try:\n    a()\nfinally:\n    b()\n", ["pass"]),
    ("missing-cleanup", "def f():\n    yield a\n    b()\n", [""]),
    ("cleanup-after-success", "try:\n    a()\nfinally:\n    b()\n", ["if True:; if True:"]),
    ("missing-copy", "x = dict(y)\n", ["x = y"]),
    (
        "task-called-in-place",
        "async def f(tasks):\n    tasks.add_task(a, b)\n",
        ["a(b)", "(await a(b))", "tasks.add_task(a(b))"],
    ),
    ("called-early", "x = partial(f, a)\n", ["x = f(a)"]),
    ("swapped-order", "app.add_middleware(A)\napp.add_middleware(B)\n", ["app.add_middleware(B)"]),
    ("swapped-order", "x = [Middleware(A), Middleware(B)]\n", ["x = [Middleware(B), Middleware(A)]"]),
    ("swapped-order", "x = Outer(Inner(app), audit)\n", ["x = Inner(Outer(app, audit))"]),
    ("missing-layer", "x = Outer(Inner(app), audit)\n", ["x = Inner(app)", "x = Outer(app, audit)"]),
    ("widened-permission", "f(allow_origins=A)\n", ['f(allow_origins=["*"])']),
    ("widened-permission", "x = origin in A\n", ["x = (str(origin).startswith(tuple(A)))"]),
    ("widened-permission", "x = r'a\\.b'\n", ["x = r'a.b'"]),
    ("case-of-letters", "x = ['GET', b'x-a']\n", ["x = ['get', b'x-a']", "x = ['GET', b'X-A']"]),
    ("missing-dependency", "def f(a: Annotated[A, Depends(b)]): ...\n", ["def f(a: A): ..."]),
    ("missing-dependency", "def f(a=Depends(b)): ...\n", ["def f(a=None): ..."]),
    (
        "dependency-cache",
        "def f(a=Depends(b), c=Depends(b)): ...\n",
        [
            "def f(a=Depends(b, use_cache=False), c=Depends(b)): ...",
            "def f(a=Depends(b), c=Depends(b, use_cache=False)): ...",
        ],
    ),
    ("other-source", "def f(a=Header()): ...\n", ["def f(a=__import__('fastapi').Query()): ..."]),
    ("exchanged-key", "app.dependency_overrides[a] = b\n", ["app.dependency_overrides[b] = a"]),
    ("exchanged-key", "x = {a: b for a, b in c}\n", ["x = {b: a for a, b in c}"]),
    ("status-code", "raise HTTPException(401)\n", ["raise HTTPException(403)"]),
    ("status-code", "f(status_code=status.HTTP_201_CREATED)\n", ["f(status_code=200)"]),
    ("shared-state", "async def f():\n    a = b()\n    await c()\n    d(a)\n", ["global a"]),
    (
        "shared-state",
        "async def f():\n    a: T = b()\n    await c()\n    d(a)\n",
        ["global a; a = b()"],
    ),
    ("shared-state", "async def f():\n    a = b()\n    async with c:\n        d(a)\n", ["global a"]),
    ("shared-state", "async def f():\n    a = b()\n    async with c:\n        e()\n    d(a)\n", ["global a"]),
    ("shared-state", "async def f():\n    a = b()\n    async for c in d:\n        e(a)\n", ["global a"]),
    ("shared-state", "x = request.state.a\n", ["x = request.app.state.a"]),
]


@pytest.mark.parametrize(("operator", "source", "expected"), EXAMPLES)
def test_an_operator_makes_its_change(operator: str, source: str, expected: list[str]) -> None:
    assert changed(source, operator) == expected


@pytest.mark.parametrize(
    "source",
    [
        '"""Documentation."""\n',
        'class A:\n    """Documentation."""\n',
        "__all__ = ['a']\n",
        "if TYPE_CHECKING:\n    x = 1\n",
        "x: dict[str, Literal['a']]\n",
        "class A(Protocol):\n    def f(self, a=1) -> None: ...\n",
        "import a.b\n",
        "Next = Callable[['Request'], 'Response']\n",
    ],
)
def test_what_nobody_sees_is_left_alone(source: str) -> None:
    assert mutants_of(source, "main.py") == []


def test_a_route_changes_places_with_one_that_its_path_may_hide() -> None:
    routes = "@app.get('/{a}')\ndef f(): ...\n@app.get('/b')\ndef g(): ...\n@app.put('/b')\ndef h(): ...\n"
    (mutant,) = [mutant for mutant in mutants_of(routes, "main.py") if mutant.operator == "swapped-order"]
    assert mutant.description == "in `module`, `f` and `g` change places"


def test_a_variable_that_is_read_before_any_wait_is_not_shared() -> None:
    assert changed("async def f():\n    a = await b()\n    d(a)\n", "shared-state") == []
    inner = "async def f():\n    a = b()\n    async def g():\n        d(a)\n    await c(g)\n"
    assert changed(inner, "shared-state") == ["global a"]


def test_a_description_is_a_sentence_about_the_place() -> None:
    source = "class Trail:\n    async def trail(self, request, call_next):\n        return await call_next(request)\n"
    (mutant,) = [mutant for mutant in mutants_of(source, "main.py") if mutant.operator == "missing-await"]
    assert mutant.description == "in `Trail.trail`, the `await` before `call_next(request)` is dropped"
    assert mutant.place == "Trail.trail"
    assert mutant.diff.startswith("--- main.py\n+++ main.py\n")


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: str(path.relative_to(ROOT / "solutions")))
def test_all_mutants_of_a_right_answer_compile_and_differ(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    mutants = mutants_of(source, path.name)
    trees = [ast.parse(mutant.source) for mutant in mutants]
    for tree in trees:
        compile(tree, path.name, "exec", dont_inherit=True)
    assert len({ast.dump(tree) for tree in (*trees, ast.parse(source))}) == len(mutants) + 1
    assert len({mutant.id for mutant in mutants}) == len(mutants)
    assert len(mutants) > 10


def test_identifiers_survive_edits_elsewhere() -> None:
    source = "def f(a):\n    return a + 1\n\n\ndef g(a):\n    return a + 1\n"
    longer = '"""New."""\n\nimport os\n\n\ndef before():\n    """Nothing."""\n\n\n' + source
    before, after = ([mutant.id for mutant in mutants_of(text, "main.py")] for text in (source, longer))
    assert before == [name for name in after if ":before:" not in name]
    assert before
    nested = "if True:\n    def f(a):\n        return a + 1\n"
    assert set(before[:4]) <= {mutant.id for mutant in mutants_of(nested, "main.py")}


def test_the_same_change_at_two_places_of_a_function_has_two_identifiers() -> None:
    source = "def f(a):\n    if a:\n        return g(1)\n    h(a)\n    return g(1)\n"
    ids = [mutant.id for mutant in mutants_of(source, "main.py") if mutant.operator == "nothing-returned"]
    assert ids == [ids[0], f"{ids[0]}:2"]


def test_mutants_are_the_same_in_every_run() -> None:
    source = ANSWERS[0].read_text(encoding="utf-8")
    assert mutants_of(source, "main.py") == mutants_of(source, "main.py")
