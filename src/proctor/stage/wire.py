"""What travels between grader and stage: JSON lines with tagged values. Nothing here can run code.

Plain JSON values travel as they are. Everything else is an object with the key ``"$"``: ``tuple``, ``bytes``,
``dict`` (keys that are not strings, or a key ``"$"``), ``float`` (``nan``, ``inf``), and whatever the two sides agree
on beyond that (``handle``, ``error`` and the collaborators of `proctor.stage.collaborators`).

Only exact types arrive. Of a subclass (``HTTPStatus.OK``, a named tuple, a ``defaultdict``) travels what it holds
underneath, read by the base type's own method, so that right answers are right however they are made, and an object
which claims to equal everything never meets a comparison of the grader.
"""

import base64
import json
import math
from collections.abc import Callable, Iterator
from typing import Any, Final, cast

__all__ = ["LINE_LIMIT", "Foreign", "Lines", "Message", "NotPlain", "Tagged", "line", "pack", "unpack"]

LINE_LIMIT: Final = 4 << 20
"""Longest accepted line in bytes. A longer one is a fact about the submission, not a crash of the grader."""

DEPTH_LIMIT: Final = 60

_READ: Final[dict[type, Callable[[Any], object]]] = {
    int: int.__index__,
    float: float.__float__,
    str: str.__str__,
    bytes: bytes.__bytes__,
    list: list[object].copy,
    tuple: lambda value: tuple[object, ...].__getitem__(value, slice(None)),
    dict: dict[object, object].copy,
}
_EXACT: Final = frozenset({type(None), bool, bytearray, *_READ})

Message = dict[str, Any]
Foreign = Callable[[object], Any]
Tagged = Callable[[Message], Any]


class NotPlain(TypeError):
    """The value is no plain data and nobody said how it should travel."""


def pack(value: object, foreign: Foreign | None = None, depth: int = 0) -> Any:
    """Turn a Python value into a JSON value; ``foreign(value)`` may turn anything that is no plain data into one."""
    kind = type(value)
    if kind not in _EXACT:
        value = _underneath(value)
        kind = type(value)
    if value is None or kind in {bool, int, str}:
        return value
    if kind is float:
        number = cast("float", value)
        return number if math.isfinite(number) else {"$": "float", "v": repr(number)}
    if depth > DEPTH_LIMIT:
        raise NotPlain(f"nested more than {DEPTH_LIMIT} levels deep")
    if kind is list:
        return [pack(item, foreign, depth + 1) for item in cast("list[object]", value)]
    if kind is tuple:
        return {"$": "tuple", "v": [pack(item, foreign, depth + 1) for item in cast("tuple[object, ...]", value)]}
    if kind is dict:
        mapping = cast("dict[object, object]", value)
        if all(type(key) is str and key != "$" for key in mapping):
            return {cast("str", key): pack(item, foreign, depth + 1) for key, item in mapping.items()}
        pairs = [[pack(key, foreign, depth + 1), pack(item, foreign, depth + 1)] for key, item in mapping.items()]
        return {"$": "dict", "v": pairs}
    if kind in {bytes, bytearray}:
        return {"$": "bytes", "v": base64.b64encode(cast("bytes", value)).decode("ascii")}
    if foreign is not None:
        return foreign(value)
    raise NotPlain(f"{kind.__name__} is no plain data")


def _underneath(value: object) -> object:
    """Return the plain data that a subclass of a plain type holds, whatever it says of itself; else the object."""
    kind = type(value)  # not `isinstance`, which believes what an object calls its class
    for base, read in _READ.items():
        if issubclass(kind, base):
            return read(value)
    return value


def unpack(value: Any, tagged: Tagged | None = None) -> Any:
    """Turn a JSON value into a Python value; ``tagged(object)`` builds what the codec itself does not know."""
    if type(value) is list:
        return [unpack(item, tagged) for item in cast("list[Any]", value)]
    if type(value) is not dict:
        return value
    message = cast("Message", value)
    match message.get("$"):
        case None:
            return {key: unpack(item, tagged) for key, item in message.items()}
        case "tuple":
            return tuple(unpack(item, tagged) for item in message["v"])
        case "bytes":
            return base64.b64decode(message["v"], validate=True)
        case "float":
            return float(message["v"])
        case "dict":
            return {unpack(key, tagged): unpack(item, tagged) for key, item in message["v"]}
        case _:
            return tagged(message) if tagged else message


def line(message: Message) -> bytes:
    """Encode one message as one line. Raises ValueError when it is longer than `LINE_LIMIT`."""
    data = json.dumps(message, separators=(",", ":"), allow_nan=False).encode("ascii") + b"\n"
    if len(data) > LINE_LIMIT:
        raise ValueError(f"a message of {len(data)} bytes is longer than the channel carries ({LINE_LIMIT})")
    return data


class Lines:
    """Bytes in, messages out."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, data: bytes) -> Iterator[Message]:
        """Yield the messages that ``data`` completes. Raises ValueError or RecursionError when one is not JSON."""
        self._rest += data
        while (end := self._rest.find(b"\n")) >= 0:
            whole = bytes(self._rest[:end])
            del self._rest[: end + 1]
            message = json.loads(whole, parse_constant=_refuse)
            if type(message) is not dict:
                raise ValueError("a message is an object")
            yield cast("Message", message)
        if len(self._rest) > LINE_LIMIT:
            raise ValueError(f"a line longer than {LINE_LIMIT} bytes")


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is not JSON")
