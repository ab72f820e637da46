"""Right answers in other words: a refusal may be explained in any words that nobody has promised.

A check that asks for the words of the reference, where the README leaves them free, refuses right answers. Their author
does not notice, who copies those words into every answer.
"""

from typing import Final, cast

import libcst as cst
from libcst import matchers as m

from proctor.verify.mutants.scene import Scene

__all__ = ["reworded"]

WORDS: Final = m.SimpleString() | m.FormattedStringText()
PIECE: Final = m.FormattedString() | m.ConcatenatedString()
DETAIL: Final = m.SimpleString('"detail"')
TOLD: Final = m.Arg(keyword=None) | m.Arg(keyword=m.Name("detail"))
MORE: Final = ", indeed"


def reworded(source: str, promised: str) -> str:
    """Return an answer that explains its refusals in other words, except for those that ``promised`` contains."""
    while True:
        scene = Scene(source)
        free = (node for node in scene.nodes() if m.matches(node, WORDS) and _explains_a_refusal(node, scene))
        node = next((one for one in free if not _is_settled(_content(one).strip(), promised)), None)
        if node is None:
            return source
        source = scene.with_change(node, (_longer(node),))


def _is_settled(text: str, promised: str) -> bool:
    return not text or text in promised or text.endswith(MORE)


def _explains_a_refusal(node: cst.CSTNode, scene: Scene) -> bool:
    """Tell whether a text is the value of a "detail", or is passed, as it is, to what is raised."""
    around = scene.around(node)
    inner, outer = node, next(around)
    while m.matches(outer, PIECE):
        inner, outer = outer, next(around)
    if isinstance(outer, cst.DictElement):
        return m.matches(outer.key, DETAIL) and outer.value is inner
    return m.matches(outer, TOLD) and m.matches(next(around), m.Call()) and m.matches(next(around), m.Raise())


def _content(node: cst.CSTNode) -> str:
    return node.raw_value if isinstance(node, cst.SimpleString) else cast("cst.FormattedStringText", node).value


def _longer(node: cst.CSTNode) -> cst.CSTNode:
    if isinstance(node, cst.SimpleString):
        return node.with_changes(value=f"{node.value[: -len(node.quote)]}{MORE}{node.quote}")
    return node.with_changes(value=f"{_content(node).rstrip()}{MORE} ")
