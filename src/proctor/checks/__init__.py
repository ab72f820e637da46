"""What graders are written with. A check is a coroutine that is given a `stage` and says what it expects.

```python
@pytest.mark.points(20)
async def test_strangers_are_refused(stage: Stage, draw: Draw) -> None:
    '''Strangers are refused'''
    app = await stage.app("create_app", stage.list("audit"))
    answer = await app.request("GET", f"/quotes/{draw.symbol()}").answered()
    expect("the status without a token", answer.status).equals(401)
```
"""

from proctor.checks.application import Application
from proctor.checks.browser import Access, Cache, Page
from proctor.checks.collaborators import Call, Collaborator
from proctor.checks.cors_protocol import Answer
from proctor.checks.draw import Draw
from proctor.checks.exchange import Exchange, WebSocket
from proctor.checks.expect import expect, same
from proctor.checks.handles import Handle, RaisedError, Running
from proctor.checks.stage import Stage, StageFactory
from proctor.checks.wsgi import WsgiApplication, WsgiExchange
from proctor.errors import CheckFailed, Mismatch, Never, StageEnded, Stuck, SubmissionError

__all__ = [
    "Access",
    "Answer",
    "Application",
    "Cache",
    "Call",
    "CheckFailed",
    "Collaborator",
    "Draw",
    "Exchange",
    "Handle",
    "Mismatch",
    "Never",
    "Page",
    "RaisedError",
    "Running",
    "Stage",
    "StageEnded",
    "StageFactory",
    "Stuck",
    "SubmissionError",
    "WebSocket",
    "WsgiApplication",
    "WsgiExchange",
    "expect",
    "same",
]
