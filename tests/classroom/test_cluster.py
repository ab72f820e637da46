"""A real Dask scheduler and two worker processes give the same gradebook as this machine alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.classroom.test_grade_class import Room
from tests.dask_cluster import dask_cluster
from tests.toy import GOOD, STUB

from proctor.classroom import engine
from proctor.classroom.engine import crew_of
from proctor.classroom.engine_name import Engine
from proctor.errors import OurFault


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a cluster on loopback."""
    with dask_cluster(tmp_path_factory.mktemp("cluster")) as address:
        yield address


def test_two_workers_write_the_same_gradebook_as_one_machine(scheduler: str, tmp_path: Path) -> None:
    dumps: list[list[str]] = []
    for name, kind, address in (("here", Engine.LOCAL, None), ("there", Engine.DASK, scheduler)):
        (tmp_path / name).mkdir()
        with crew_of(kind, scheduler=address, workers=None if address else 2) as crew:
            room = Room(tmp_path / name, crew)
            for number in range(20):
                room.hand_in(f"s{number:02}", (GOOD, STUB, "def double(:")[number % 3] + f"# {number}\n")
            room.hand_in("empty", None)
            assert room.grade("absent").count == 22
        dumps.append(list(room.gradebook.dump(times=False)))
        room.gradebook.close()
    assert dumps[0] == dumps[1]


def test_a_cluster_without_a_scheduler_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "PATIENCE", 0.2)
    with (
        pytest.raises(OurFault, match="there is no Dask scheduler"),
        crew_of(Engine.DASK, scheduler="tcp://127.0.0.1:9"),
    ):
        pass
