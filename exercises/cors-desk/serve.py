"""A stand-in for a browser that sends cookies, to try this exercise by hand. It prints what a page may do.

The dashboard may read the quotes:
    curl -i localhost:8000/quotes -H Origin:https://desk.example
A stranger gets the same answer, and may not read it:
    curl -i localhost:8000/quotes -H Origin:https://desk.exampl
Before the dashboard's browser sends an order, it asks whether it may:
    curl -i -X OPTIONS localhost:8000/orders -H Origin:https://desk.example -H Access-Control-Request-Method:POST
Nobody may send PUT, and the refusal is 400, say:
    curl -i -X OPTIONS localhost:8000/orders -H Origin:https://desk.example -H Access-Control-Request-Method:PUT
No page asks here, so no browser minds:
    curl -i -X DELETE localhost:8000/orders/7
"""

from main import create_app
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Browser:
    """Looks at the answers on their way out."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = Headers(raw=scope.get("headers", []))

        async def look(message: Message) -> None:
            if message["type"] == "http.response.start" and "Origin" in asked:
                said = verdict(asked, message["status"], Headers(raw=message["headers"]))
                print(f"browser: a page at {asked['Origin']} {said}")
            await send(message)

        await self.app(scope, receive, look)


def verdict(asked: Headers, status: int, answer: Headers) -> str:
    """Say what the Fetch standard lets a page do that asks with cookies."""
    is_let_in = (
        answer.get("Access-Control-Allow-Origin") == asked["Origin"]
        and answer.get("Access-Control-Allow-Credentials") == "true"
    )
    method = asked.get("Access-Control-Request-Method")
    if method is None:
        return "can read this" if is_let_in else "cannot read this"
    is_method_allowed = method in {"GET", "HEAD", "POST", *words(answer, "Access-Control-Allow-Methods")}
    wanted = {name.lower() for name in words(asked, "Access-Control-Request-Headers")}
    allowed = {name.lower() for name in words(answer, "Access-Control-Allow-Headers")}
    is_ok = is_let_in and 200 <= status <= 299 and is_method_allowed and wanted <= allowed
    return f"{'may' if is_ok else 'may not'} send {method}"


def words(headers: Headers, name: str) -> list[str]:
    return headers.get(name, "").replace(",", " ").split()


app = Browser(create_app())
