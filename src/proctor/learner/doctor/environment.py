"""Are the packages there that Proctor asks for, and is the Proctor that runs the one of this course folder?

Every nox session has an environment of its own in ``.nox/``. The one that this runs in is described, and of the others
those are named in which something is wrong.
"""

import shlex
import sys
from collections.abc import Iterable, Iterator
from importlib import metadata, util
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import proctor
from proctor.learner.doctor.finding import Finding, Section, ok, problem
from proctor.learner.doctor.project import Project, read_project

__all__ = ["examine_environment"]


def examine_environment(root: Path | None) -> Section:
    """Look at this environment, and at those of the other nox sessions of this course folder."""
    return Section("Environment", _findings(root, Path(sys.prefix)))


def _findings(root: Path | None, here: Path) -> Iterator[Finding]:
    project = read_project(root)
    wrong = [*_packages(project, here, [path for path in sys.path if path], root)]
    yield from wrong
    if not wrong:
        yield ok(f"all packages are as {project.source} asks for, in `{here}`")
    yield _origin(root, Path(proctor.__file__).resolve(), here)
    others = [one for one in _environments(root) if one.resolve() != here.resolve()]
    wrong = [found for one in others for found in _packages(project, one, map(str, _libraries(one)), root)]
    yield from wrong
    if others and not wrong:
        yield ok(f"the same holds for {', '.join(f'`{one}`' for one in others)}")


def _packages(project: Project, environment: Path, paths: Iterable[str], root: Path | None) -> Iterator[Finding]:
    """Yield what is missing in an environment, or is not of the version that is asked for."""
    versions: dict[str, str] = {}
    for distribution in metadata.distributions(path=[*paths]):
        versions.setdefault(canonicalize_name(distribution.name), distribution.version)  # the first is what is imported
    for wanted in project.requirements:
        if wanted.marker is not None and not wanted.marker.evaluate():
            continue
        version = versions.get(canonicalize_name(wanted.name))
        if version is None:
            yield problem(
                f"the package `{wanted.name}` is missing in `{environment}`", _mend(root, environment, wanted)
            )
        elif not wanted.specifier.contains(version, prereleases=True):
            text = f"`{wanted.name}` is {version} in `{environment}`, and {project.source} asks for {wanted.specifier}"
            yield problem(text, _mend(root, environment, wanted))


def _origin(root: Path | None, installed: Path, here: Path) -> Finding:
    """Tell whether the code that runs is that of the course folder."""
    if root is None or not (root / "src" / "proctor").is_dir():  # a course without the source of its grader
        return ok(f"Proctor {proctor.__version__} is installed in `{installed.parent}`")
    if installed.is_relative_to((root / "src").resolve()):
        return ok(f"Proctor {proctor.__version__} is the one of this course folder")
    text = f"Proctor runs from `{installed.parent}`, and this course folder has its own in `{root / 'src' / 'proctor'}`"
    return problem(text, _mend(root, here))


def _mend(root: Path | None, environment: Path, wanted: Requirement | None = None) -> str:
    """Return the command that sets a package right, or Proctor itself."""
    if root is not None and environment.parent.resolve() == (root / ".nox").resolve():
        return f"rm -r {shlex.quote(str(environment))}  # nox makes it anew when it is needed"
    what = f"--editable {shlex.quote(str(root))}" if wanted is None else shlex.quote(f"{wanted.name}{wanted.specifier}")
    python = shlex.quote(sys.executable)
    if util.find_spec("pip") is None:  # an environment that uv has made
        return f"uv pip install --python {python} {what}"
    return f"{python} -m pip install {what}"


def _environments(root: Path | None) -> list[Path]:
    """Return the environments in which a nox session of this course folder has installed Proctor."""
    return sorted(stamp.parent for stamp in (root / ".nox").glob("*/proctor-installed")) if root is not None else []


def _libraries(environment: Path) -> list[Path]:
    """Return the folders of packages of another environment."""
    return [*environment.glob("lib/python3*/site-packages")]
