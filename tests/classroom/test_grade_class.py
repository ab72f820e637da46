"""A class becomes a gradebook: everybody has a row, nothing is graded twice, nothing is lost."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from tests.toy import GOOD, SLUG, STUB, WHOLE, toy_course

from proctor.catalog import Course, load_course
from proctor.classroom.batch import Rules
from proctor.classroom.class_work import class_work, stored_work
from proctor.classroom.engine import Crew, crew_of
from proctor.classroom.engine_name import Engine
from proctor.classroom.grade_class import ClassGrader, Tally
from proctor.classroom.hand_in import HandIn
from proctor.environment import environment_digest
from proctor.errors import OurFault, UsageError
from proctor.gradebook.class_report import RowStatus
from proctor.gradebook.gradebook import Gradebook
from proctor.gradebook.student import Student
from proctor.isolation.protection import Isolation

LAYERS = ("process",)


class Room:
    """A toy course, a gradebook and hand-ins, by student; what is no text is a file that cannot be read."""

    def __init__(self, folder: Path, crew: Crew) -> None:
        self.folder, self.crew = folder, crew
        self.course: Course = toy_course(folder, WHOLE)
        self.gradebook = Gradebook.open(folder / "gradebook.sqlite3", seed=7)
        self.hand_ins: dict[str, HandIn] = {}

    def hand_in(self, student: str, source: str | None, problem: str = "", *, is_undecided: bool = False) -> None:
        """Have a student hand something in; None is a folder without the file."""
        place = self.folder / "submissions" / student / SLUG
        place.mkdir(parents=True, exist_ok=True)
        if source is not None:
            (place / "main.py").write_text(source, encoding="utf-8")
        self.hand_ins[student] = HandIn(student, place.parent, None, problem, is_undecided=is_undecided)

    def rules(self) -> Rules:
        """Return what is graded by now."""
        exercises = self.course.select(())
        graders = {exercise.slug: exercise.graders_digest for exercise in exercises}
        root = self.course.root
        return Rules(root, graders, environment_digest(), Isolation.AUTO, (), self.gradebook.seed)

    def grade(self, *others: str) -> Tally:
        """Grade everybody who has handed in, and others who have not."""
        students = [Student(id=one) for one in sorted({*self.hand_ins, *others})]
        self.gradebook.enroll(students)
        grader = ClassGrader(self.gradebook, self.rules(), LAYERS)
        return grader.grade(class_work(students, self.hand_ins, self.course.select(())), self.crew)

    def statuses(self) -> dict[str, str]:
        """Return what came of each student."""
        return {one.student: one.status.value for one in self.gradebook.receipts()}

    def scores(self) -> Counter[tuple[str, int | None]]:
        """Return all attempts, by student and score."""
        return Counter((one.student, one.scorecard.score) for one in self.gradebook.attempts())


@pytest.fixture
def crew() -> Iterator[Crew]:
    with crew_of(Engine.LOCAL, workers=2) as one:
        yield one


@pytest.fixture
def room(tmp_path: Path, crew: Crew) -> Iterator[Room]:
    one = Room(tmp_path, crew)
    yield one
    one.gradebook.close()


def test_every_student_has_one_row_whatever_comes_of_it(room: Room) -> None:
    room.hand_in("right", GOOD)
    room.hand_in("stub", STUB)
    room.hand_in("broken", "def double(:")
    room.hand_in("without", None)
    room.hand_in("torn", None, problem="the ZIP is damaged")
    tally = room.grade("absent")
    assert room.statuses() == {
        "right": "graded",
        "stub": "graded",
        "broken": "unreadable",
        "without": "unreadable",
        "torn": "unreadable",
        "absent": "missing",
    }
    assert room.scores() == {("right", 100): 1, ("stub", 0): 1, ("broken", 0): 1, ("without", 0): 1}
    assert (tally.count, tally.exit_code) == (6, 1)
    assert str(tally) == "2 graded, 3 unreadable, 1 missing"


def test_a_server_that_does_not_answer_costs_nobody_a_point(room: Room) -> None:
    room.hand_in("one", None, problem="the server does not answer", is_undecided=True)
    tally = room.grade()
    assert (room.statuses(), tally.exit_code) == ({"one": "error"}, 3)


def test_what_has_not_changed_is_not_graded_again(room: Room) -> None:
    room.hand_in("one", GOOD)
    room.hand_in("two", STUB)
    room.hand_in("three", None)
    room.hand_in("link", None)
    (room.hand_ins["link"].folder / SLUG / "main.py").symlink_to("/etc/passwd")
    assert room.grade().graded_before == 0
    before = list(room.gradebook.dump())
    room.hand_in("two", GOOD + "# mine\n")
    assert room.grade().graded_before == 3
    assert room.scores() == {("one", 100): 1, ("two", 0): 1, ("two", 100): 1, ("three", 0): 1, ("link", 0): 1}
    assert len(list(room.gradebook.dump())) > len(before)


def test_what_is_alike_gets_the_same_verdict_whoever_handed_it_in(room: Room) -> None:
    for number in range(30):
        room.hand_in(f"s{number:02}", GOOD)
    tally = room.grade()
    assert tally.exit_code == 0
    assert set(room.scores().values()) == {1}
    assert len({one.scorecard.model_dump_json() for one in room.gradebook.attempts()}) == 1


def test_a_grader_that_has_changed_grades_anew_and_history_stays(room: Room) -> None:
    room.hand_in("one", GOOD)
    room.grade()
    grader = room.course.exercise(SLUG).grader / "test_toy.py"
    grader.write_text(grader.read_text(encoding="utf-8").replace("equals(4)", "equals(5)"), encoding="utf-8")
    room.course = load_course(room.course.root)
    stored = stored_work(room.gradebook, room.course.select(()))
    ClassGrader(room.gradebook, room.rules(), LAYERS).grade(stored, room.crew)
    assert [one.scorecard.score for one in room.gradebook.attempts()] == [100, 0]
    assert len({one.scorecard.graders for one in room.gradebook.attempts()}) == 2


def test_graders_that_cannot_be_collected_cost_nobody_a_point(tmp_path: Path, crew: Crew) -> None:
    room = Room(tmp_path, crew)
    grader = room.course.exercise(SLUG).grader / "test_toy.py"
    grader.write_text("import nothing_that_there_is\n", encoding="utf-8")
    room.course = load_course(room.course.root)
    room.hand_in("one", GOOD)
    tally = room.grade()
    assert (room.statuses(), tally.exit_code) == ({"one": "error"}, 3)
    assert not room.scores()
    room.gradebook.close()


def test_a_machine_with_other_graders_refuses_to_grade(room: Room) -> None:
    room.hand_in("one", GOOD)
    rules = room.rules()
    other = Rules(rules.root, {SLUG: "sha256:other"}, rules.environment, rules.isolation, rules.without, rules.seed)
    room.gradebook.enroll([Student(id="one")])
    work = class_work([Student(id="one")], room.hand_ins, room.course.select(()))
    with pytest.raises(OurFault, match=r"the graders in .* are not the same on every machine"):
        ClassGrader(room.gradebook, other, LAYERS).grade(work, room.crew)
    assert not room.scores()


def test_a_crew_that_ends_is_our_fault_and_the_rest_is_graded(tmp_path: Path) -> None:
    class Mortal(ThreadPoolExecutor):
        def submit(self, *_: Any, **__: Any) -> Future[Any]:  # whatever it is asked to do
            future: Future[Any] = Future()
            future.set_exception(RuntimeError("the machine is gone"))
            return future

    with Mortal(1) as executor:
        room = Room(tmp_path, Crew(executor, 1))
        room.hand_in("one", GOOD)
        tally = room.grade()
    (receipt,) = room.gradebook.receipts()
    assert receipt.message.endswith("RuntimeError: the machine is gone")
    assert tally.rows[RowStatus.ERROR] == 1
    room.gradebook.close()


def test_the_options_of_a_cluster_belong_together() -> None:
    with pytest.raises(UsageError, match="belong together"), crew_of(Engine.DASK):
        pass
    with pytest.raises(UsageError, match="belong together"), crew_of(Engine.LOCAL, scheduler="tcp://127.0.0.1:1"):
        pass
