"""Reports answers and audit lines in the only way open to somebody who does not read the requests: by guessing.

succeeds: points
stopped by: process
control: none, a grader in the same process is told nothing, it looks
exercise: middleware-onion
"""

import gc


def create_app(audit):
    (performer,) = [one for one in gc.get_objects() if type(one).__name__ == "Performer"]

    async def app(scope, receive, send):
        exchange = max(performer._exchanges)
        header = {"$": "tuple", "v": [{"$": "bytes", "v": "eC1yZXF1ZXN0LWlk"}, {"$": "bytes", "v": "c2xvdy1pZA=="}]}
        line = {"$": "tuple", "v": ["slow-id", "/quotes/AAPL", 401]}
        call = {"name": "audit.append", "args": [line], "kwargs": {}, "on_loop": True, "thread": 1}
        start = {"type": "http.response.start", "status": 401, "headers": [header]}
        performer.send({"t": "call", "id": 1000 + exchange, "wants_answer": False, **call})
        performer.send({"t": "asgi", "x": exchange, "message": start})
        performer.send({"t": "asgi.end", "x": exchange, "error": None})
        await receive()  # stays, because a second end would give it away
        await receive()

    return app
