"""Runs the plain checks on a whole class in one pytest run: ``pytest -p tests.bench.plain.whole_class``.

``PROCTOR_BENCH_CLASS`` is a folder of `tests.bench.classes`, ``PROCTOR_BENCH_KINDS`` the kinds that take part. Every
process imports every submission that it checks once, as a process per submission would.
"""

import os
from pathlib import Path

import pytest
from tests.bench.classes import students_in
from tests.bench.plain.in_process import forget


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give every check every student; those of a student come one after the other."""
    folder, kinds = Path(os.environ["PROCTOR_BENCH_CLASS"]), os.environ["PROCTOR_BENCH_KINDS"].split()
    students = students_in(folder, kinds)
    names = [student.name for student in students]
    metafunc.parametrize("student", students, ids=names, indirect=True, scope="session")


@pytest.fixture(scope="session", autouse=True)
def student(request: pytest.FixtureRequest) -> None:
    """Have the checks import this student's submission."""
    forget()
    os.environ["PROCTOR_BENCH_SUBMISSIONS"] = str(request.param)
