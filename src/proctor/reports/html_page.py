"""HTML pages that are one file: style and script are in it, and it asks nothing of any network.

Whatever a template shows is text of strangers until it is known not to be: every value passes `neutral`, then jinja2's
autoescape, and a name that the template knows and the page does not is an error. Only what this package itself has
written (`Markup`: its style, its script, what a macro made) is left as it is.

The page's own Content-Security-Policy forbids everything but this very style and this very script, by their digests:
should markup of a stranger ever get into a page, a browser would not run, load or send anything for it.
"""

import hashlib
from base64 import b64encode
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from proctor.hostile_text import neutral

__all__ = ["fixed", "moment", "number", "plural", "render", "share"]

TEMPLATES: Final = Path(__file__).with_name("templates")


def render(template: str, script: str = "", **values: object) -> str:
    """Return a page. ``script`` names the script in ``templates/`` that it has, if any.

    Raises jinja2's UndefinedError where the template shows what is not among the values.
    """
    style_text = _own_text("page.css")
    script_text = _own_text(script) if script else Markup("")
    policy = ["default-src 'none'", f"style-src '{_digest(style_text)}'"]
    policy += [f"script-src '{_digest(script_text)}'"] if script else []
    policy += ["base-uri 'none'", "form-action 'none'"]
    page = _environment().get_template(template)
    return page.render(policy="; ".join(policy), style=style_text, script=script_text, **values)


def number(value: Decimal | float | None, places: int = 2) -> str:
    """Return a number with as many places as it needs: 82.50 is ``82.5``, 80.00 is ``80``. None is an en dash."""
    if value is None:
        return fixed(value)
    text = fixed(value, places)
    return text.rstrip("0").rstrip(".") if places else text


def fixed(value: Decimal | float | None, places: int = 2) -> str:
    """Return a number with always as many places, for columns of numbers. None is an en dash."""
    return "\N{EN DASH}" if value is None else f"{value:.{places}f}".replace("-", "\N{MINUS SIGN}")


def share(value: Decimal | float | None) -> str:
    """Return a part of one in percent: 0.825 is ``83 %``, with a space that does not break."""
    return number(None) if value is None else f"{number(value * 100, 0)}\N{NO-BREAK SPACE}%"


def moment(at: datetime | None) -> str:
    """Return a date with its time of day and where that is meant; empty for None."""
    return at.isoformat(" ", "minutes").replace("+00:00", " UTC") if at else ""


def plural(count: int, one: str, many: str = "") -> str:
    """Return a count with its word: ``1 check``, ``2 checks``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


FILTERS: Final[dict[str, Callable[..., str]]] = {
    "fixed": fixed,
    "moment": moment,
    "number": number,
    "plural": plural,
    "share": share,
}


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= FILTERS
    return environment


def _harmless(value: object) -> object:
    """Return what a template may show: text, except our own markup, is made neutral and then escaped by jinja2."""
    return neutral(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def _own_text(name: str) -> Markup:
    return Markup((TEMPLATES / name).read_text(encoding="utf-8"))  # noqa: S704 - a file of this package


def _digest(text: str) -> str:
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
