"""The dev container says what exists: files, sessions of nox, a Python on which Proctor was tried."""

import ast
import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".devcontainer"
DOCKERFILE = (FOLDER / "Dockerfile").read_text(encoding="utf-8")


def settings() -> dict[str, Any]:
    """Read the file as those services do, which allow for comments."""
    lines = (FOLDER / "devcontainer.json").read_text(encoding="utf-8").splitlines()
    return json.loads("\n".join(line for line in lines if not line.lstrip().startswith("//")))


def sessions() -> set[str]:
    """Return the names of the sessions of the noxfile."""
    found: set[str] = set()
    for function in ast.parse((ROOT / "noxfile.py").read_text(encoding="utf-8")).body:
        if isinstance(function, ast.FunctionDef):
            calls = (one.func for one in function.decorator_list if isinstance(one, ast.Call))
            found |= {function.name for call in calls if ast.unparse(call) == "nox.session"}
    return found


def test_every_session_that_it_names_exists() -> None:
    named = re.findall(r"\bnox (?:-s|--session) ([\w-]+)", json.dumps(settings()) + DOCKERFILE)
    assert {"grade", "watch", "serve", "doctor"} <= {*named} <= sessions()


def test_its_interpreter_is_that_of_the_session_that_it_prepares() -> None:
    assert settings()["postCreateCommand"] == "nox --session grade --install-only"
    interpreter = settings()["customizations"]["vscode"]["settings"]["python.defaultInterpreterPath"]
    assert interpreter == "${workspaceFolder}/.nox/grade/bin/python"


def test_it_is_built_from_files_that_are_there() -> None:
    assert (FOLDER / settings()["build"]["dockerfile"]).is_file()
    assert all((ROOT / name).is_file() for name in settings()["customizations"]["codespaces"]["openFiles"])


def test_it_has_a_python_on_which_proctor_was_tried_and_the_packages_of_every_layer() -> None:
    (version,) = re.findall(r"^FROM \S+/python:\d+-(\d\.\d+)$", DOCKERFILE, re.MULTILINE)
    assert f"Programming Language :: Python :: {version}" in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert "bubblewrap libseccomp2" in DOCKERFILE


def test_it_lets_bubblewrap_work_as_the_doctor_advises() -> None:
    assert settings()["securityOpt"] == ["seccomp=unconfined", "apparmor=unconfined", "systempaths=unconfined"]
