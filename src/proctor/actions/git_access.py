"""Lets git read private repositories of one server, for as long as they are fetched.

The token goes to git in a settings file that only this account may read, and never on a command line, which every
process of the machine can read. It is sent to that server alone.
"""

import base64
import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

__all__ = ["git_access"]

_SETTINGS: Final = "GIT_CONFIG_GLOBAL"


@contextmanager
def git_access(server: str, token: str) -> Generator[None]:
    """Let git show the token to ``server``; without a token git keeps the credentials that it has anyway."""
    if not token:
        yield
        return
    secret = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    before = os.environ.get(_SETTINGS)
    with tempfile.TemporaryDirectory(prefix="proctor-git-") as folder:
        file = Path(folder) / "settings"
        file.touch(mode=0o600)
        file.write_text(f'[http "{server}/"]\n\textraheader = "Authorization: Basic {secret}"\n', encoding="utf-8")
        os.environ[_SETTINGS] = str(file)
        try:
            yield
        finally:
            os.environ.pop(_SETTINGS)
            if before is not None:
                os.environ[_SETTINGS] = before
