"""The figures of `tests.bench.inside`, summed up: checks, layers, neighbours and memory."""

import json
import sys
from dataclasses import asdict
from typing import Any

from tests.bench.measuring import MB, Spread, environment, measure, say

__all__ = ["check_figures", "layer_figures", "memory_figures", "neighbour_figures"]


def _ask(what: str, rounds: int) -> dict[str, Any]:
    say(f"{what}: {rounds} rounds")
    run = measure([sys.executable, "-m", "tests.bench.inside", what, str(rounds)], environment())
    return json.loads(run.output.splitlines()[-1])


def check_figures(rounds: int) -> dict[str, Any]:
    """Return milliseconds a check, of right answers and of wrong ones, and how many times as long these took."""
    told = _ask("checks", rounds)
    taken: list[dict[str, Any]] = told["rounds"]
    figures: dict[str, Any] = {}
    for slug, first in taken[0].items():
        own = [each[slug] for each in taken]
        checks = first["checks"]
        figures[slug] = {
            "checks": checks,
            "right_ms_a_check": asdict(Spread.of(one["right_s"] / checks * 1000 for one in own)),
            "wrong": {
                name: {
                    "blocks_its_loop": name in told["blocking"],
                    "ms_a_check": asdict(Spread.of(one["wrong_s"][name] / checks * 1000 for one in own)),
                    "to_right": asdict(Spread.of(one["wrong_s"][name] / one["right_s"] for one in own)),
                }
                for name in first["wrong_s"]
            },
        }
    return figures


def memory_figures(rounds: int) -> dict[str, Any]:
    """Return megabytes of the largest stage of every exercise."""
    taken: list[dict[str, Any]] = _ask("memory", rounds)["rounds"]
    return {
        slug: {f"{kind}_mb": asdict(Spread.of(each[slug][kind] / MB for each in taken)) for kind in ("private", "pss")}
        for slug in taken[0]
    }


def layer_figures(rounds: int) -> dict[str, Any]:
    """Return milliseconds a check with no layer and with all there are, and how many times as long these take."""
    told: list[dict[str, Any]] = _ask("layers", rounds)["rounds"]
    return {
        "layers": told[0]["layers"],
        "bare_ms_a_check": asdict(Spread.of(each["bare_s"] * 1000 for each in told)),
        "held_ms_a_check": asdict(Spread.of(each["held_s"] * 1000 for each in told)),
        "held_to_bare": asdict(Spread.of(each["held_s"] / each["bare_s"] for each in told)),
    }


def neighbour_figures(rounds: int) -> dict[str, Any]:
    """Return how many times as long ten right answers take beside four that starve, and how those end."""
    told: list[dict[str, Any]] = _ask("neighbours", rounds)["rounds"]
    return {
        "beside_to_alone": asdict(Spread.of(each["beside_s"] / each["alone_s"] for each in told)),
        "endings": told[0]["endings"],
    }
