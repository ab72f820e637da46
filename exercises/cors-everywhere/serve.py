"""Stand-ins for a browser that sends cookies and the list of calls, to try this exercise by hand.

The dashboard has no token, and can read that this is a 401:
    curl -i localhost:8000/quotes -H Origin:https://desk.example
A preview has one, and can read that the route has crashed, with 500:
    curl -i localhost:8000/boom -H Origin:https://new.preview.desk.example -H 'Authorization: Bearer t-alice'
A preflight succeeds, although it never has one:
    curl -i -X OPTIONS localhost:8000/orders/7 -H Origin:https://desk.example -H Access-Control-Request-Method:DELETE
A stranger's page comes with the cookie of a trader. The route runs, and the page cannot read its answer:
    curl -i -X DELETE localhost:8000/orders/7 -H Origin:https://x-preview.desk.example -H Cookie:token=t-bob
If your token check covers every path, this one wants a token, too, and a browser sends none:
    curl -i localhost:8000/docs -H 'Authorization: Bearer t-alice'
"""

from main import create_app
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Calls(list[str]):
    """Prints every call as it is appended."""

    def append(self, call: str) -> None:
        print("calls:", call)
        super().append(call)


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


app = Browser(create_app(Calls()))
