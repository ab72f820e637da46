"""Every request that names no id gets the same one."""

from fastapi import FastAPI
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TOKENS = {"t-alice": "alice", "t-bob": "bob"}
QUOTA = 2


class RequestId:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = Headers(scope=scope).get("x-request-id", "unnamed")
        scope.setdefault("state", {})["request_id"] = request_id

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["x-request-id"] = request_id
            await send(message)

        await self.app(scope, receive, send_with_id)


class AccessLog:
    def __init__(self, app: ASGIApp, audit: list[tuple[str, str, int]]) -> None:
        self.app = app
        self.audit = audit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_and_log(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.audit.append((scope["state"]["request_id"], scope["path"], message["status"]))
            await send(message)

        await self.app(scope, receive, send_and_log)


class TokenCheck:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        trader = TOKENS.get(Headers(scope=scope).get("x-trader-token", ""))
        if trader is None:
            await JSONResponse({"detail": "unknown token"}, 401)(scope, receive, send)
            return
        scope["state"]["trader"] = trader
        await self.app(scope, receive, send)


class Quota:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.used: dict[str, int] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        trader = scope["state"]["trader"]
        if self.used.get(trader, 0) >= QUOTA:
            await JSONResponse({"detail": "quota exceeded"}, 429)(scope, receive, send)
            return
        self.used[trader] = self.used.get(trader, 0) + 1
        await self.app(scope, receive, send)


def create_app(audit: list[tuple[str, str, int]]) -> FastAPI:
    app = FastAPI()

    @app.get("/quotes/{symbol}")
    async def quote(symbol: str) -> dict[str, str]:
        return {"symbol": symbol, "price": "101.50"}

    @app.post("/orders", status_code=201)
    async def order(body: dict[str, object]) -> dict[str, object]:
        return body

    # The last one added is the outermost.
    app.add_middleware(Quota)
    app.add_middleware(TokenCheck)
    app.add_middleware(AccessLog, audit=audit)
    app.add_middleware(RequestId)
    return app
