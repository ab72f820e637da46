"""The exercise `behind-nginx` behind a real Nginx, or two: right by its checks is right there, and wrong is wrong.

Two hops of Nginx stand before Uvicorn, each with an address of its own on loopback. The outer one stands for the end of
the encryption: it says https, as one with a certificate would. One Uvicorn serves all known answers of the exercise,
each below its own name.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from tests.nginx import running_nginx

from proctor.catalog import load_course
from proctor.stage.real_servers import Server, ask, free_port, listening_socket

EXERCISE: Final = load_course(Path(__file__).parents[2]).exercise("behind-nginx")
RIGHT: Final = {"reference": EXERCISE.solution / EXERCISE.main_file} | {
    variant.name: variant.files[EXERCISE.main_file] for variant in EXERCISE.accepted_variants()
}
WRONG: Final = {variant.name: variant.files[EXERCISE.main_file] for variant in EXERCISE.mistake_variants()}
NOT_SEEN_HERE: Final = {
    "any_scheme",  # an Nginx of ours names no strange scheme
    "first_line_only",  # Nginx sends one line
    "last_line_only",
    "http_without_the_header",  # an Nginx of ours always names the scheme, and nobody else is encrypted
    "kept_on_the_application",  # one request at a time
    "private_addresses_are_trusted",  # nobody has one of those networks
    "trusted_in_one_text",  # takes a proxy whose address begins like that of a trusted one
}

OUTER, INNER, TRADER = "127.0.0.8", "127.0.0.9", "127.0.0.77"
FORGED: Final = (("X-Forwarded-For", "9.9.9.9"), ("X-Forwarded-Proto", "https"))

SERVED: Final = """
import importlib.util

ANSWERS = {answers}
TRUSTED = [{outer!r}, {inner!r}]

def load(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.create_app(TRUSTED)

apps = {{name: load(name, path) for name, path in ANSWERS.items()}}

async def app(scope, receive, send):
    name, _, rest = scope["path"].lstrip("/").partition("/")
    await apps[name](scope | {{"path": "/" + rest, "raw_path": b"/" + rest.encode()}}, receive, send)
"""

HOP: Final = """
server {{
    listen 127.0.0.1:{port};
    location / {{
        proxy_set_header Host $http_host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto {scheme};
        proxy_bind {address};
        proxy_pass http://127.0.0.1:{next_port};
    }}
}}
"""


@dataclass(frozen=True)
class Desk:
    """The ports of Uvicorn itself, and of it behind one Nginx and behind two."""

    direct: int
    one_hop: int
    two_hops: int

    def origin(self, port: int, name: str, *headers: tuple[str, str]) -> tuple[Any, Any, str]:
        """Return client, scheme and the scheme of a link, as an answer of the exercise has them."""
        who = ask(port, "GET", f"/{name}/whoami", headers=headers, come_from=TRADER)
        json = [*headers, ("Host", "desk.example"), ("Content-Type", "application/json")]
        order = ask(
            port, "POST", f"/{name}/orders", headers=json, body=b'{"id": "o1", "symbol": "A"}', come_from=TRADER
        )
        said = httpx.Response(200, content=who["body"]).json()
        return said["client"], said["scheme"], dict(order["headers"])["location"]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Start Uvicorn with all known answers, and Nginx before it."""
    folder = tmp_path_factory.mktemp("nginx")
    answers = {name: str(path) for name, path in (RIGHT | WRONG).items()}
    (folder / "served.py").write_text(SERVED.format(answers=answers, outer=OUTER, inner=INNER), encoding="utf-8")
    listener = listening_socket()
    uvicorn = int(listener.getsockname()[1])
    one_hop, two_hops, inner_hop = (free_port() for _ in range(3))
    hops = [
        HOP.format(port=one_hop, scheme="https", address=OUTER, next_port=uvicorn),
        HOP.format(port=two_hops, scheme="https", address=OUTER, next_port=inner_hop),
        HOP.format(port=inner_hop, scheme="$http_x_forwarded_proto", address=INNER, next_port=uvicorn),
    ]
    arguments = ["uvicorn", "served:app", "--app-dir", str(folder), "--fd", "{fd}", "--no-proxy-headers"]
    server = Server.start(arguments, listener=listener)
    with running_nginx(folder, "".join(hops)):
        yield Desk(uvicorn, one_hop, two_hops)
    server.end()


def is_right(desk: Desk, name: str) -> bool:
    """Tell whether an answer knows who asks, directly and through Nginx, forged headers or not."""
    through_nginx = (TRADER, "https", "https://desk.example/orders/o1")
    return all(
        desk.origin(port, name, *headers) == origin
        for port, origin in (
            (desk.direct, (TRADER, "http", "http://desk.example/orders/o1")),
            (desk.one_hop, through_nginx),
            (desk.two_hops, through_nginx),
        )
        for headers in ((), FORGED)
    )


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_by_the_checks_is_right_behind_nginx(name: str, desk: Desk) -> None:
    assert is_right(desk, name)


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_by_the_checks_is_wrong_behind_nginx(name: str, desk: Desk) -> None:
    assert is_right(desk, name) == (name in NOT_SEEN_HERE)
