"""An object stays with the submission; what is asked of it happens there, and the check gets plain data or handles."""

import pytest

from proctor.checks import Handle, Stage, SubmissionError

from .conftest import Perform

OBJECTS = """
    import asyncio
    from contextlib import asynccontextmanager, contextmanager

    class Desk:
        name = "d1"

        def __init__(self):
            self.orders = {"a": [1, 2], 7: "seven"}
            self.log = []
            self.task = None

        async def place(self, order, *, times=1):
            return [order] * times

        def __call__(self, value):
            return value * 2

        def __len__(self):
            return 3

        def __eq__(self, other):
            return True

        def start(self):
            self.task = asyncio.get_running_loop().create_task(asyncio.sleep(0, "slept"))

        def fail(self):
            raise KeyError("no order")

        def fail_for_each(self):
            return [
                self.place(order, times=1)
                if order is None
                else self.fail()
                for order in self.orders
            ]

        def numbers(self):
            try:
                yield from (1, 2, 3, 4)
            finally:
                self.log.append("closed")

        async def async_numbers(self):
            for number in (1, 2, 3):
                await asyncio.sleep(0)
                yield number

        @contextmanager
        def session(self):
            self.log.append("enter")
            try:
                yield self
            except ValueError as error:
                self.log.append(f"swallowed {error}")
            except OSError as error:
                raise RuntimeError(f"made of {error}") from error
            finally:
                self.log.append("exit")

        @asynccontextmanager
        async def async_session(self):
            self.log.append("enter")
            yield "async"
            self.log.append("exit")

    desk = Desk()

    def get():
        return desk

    def get_other():
        return Desk()

    async def name_of(one, other):
        return type(one).__name__, one is other
"""


@pytest.fixture
async def stage(perform: Perform) -> Stage:
    return await perform(OBJECTS)


@pytest.fixture
async def desk(stage: Stage) -> Handle:
    made = await stage.call("get")
    assert isinstance(made, Handle)
    return made


async def test_a_handle_says_what_it_is(desk: Handle) -> None:
    assert (desk.kind, repr(desk)) == ("Desk", "<an object of type Desk>")


async def test_attributes_are_read_and_set(desk: Handle) -> None:
    assert await desk.attribute("name") == "d1"
    await desk.set_attribute("name", "d2")
    assert await desk.attribute("name") == "d2"
    with pytest.raises(SubmissionError, match="AttributeError"):
        await desk.attribute("nothing")


async def test_an_attribute_that_can_be_awaited_is_awaited_only_on_request(desk: Handle) -> None:
    await desk.call("start")
    task = await desk.attribute("task")
    assert isinstance(task, Handle)
    assert (task.kind, await task.awaited()) == ("Task", "slept")


async def test_items_are_read_and_set(desk: Handle) -> None:
    orders = await desk.attribute("orders", keep=True)
    assert [await orders.item("a"), await orders.item(7)] == [[1, 2], "seven"]
    await orders.set_item((1, "b"), {"x": b"y"})
    assert await orders.item((1, "b")) == {"x": b"y"}
    assert (await orders.length(), await desk.length()) == (3, 3)
    with pytest.raises(SubmissionError, match="KeyError: 'b'"):
        await orders.item("b")


async def test_plain_data_is_kept_on_request_and_then_shared(desk: Handle) -> None:
    inner = await (await desk.attribute("orders", keep=True)).item("a", keep=True)
    await inner.call("append", 3)
    assert await desk.attribute("orders") == {"a": [1, 2, 3], 7: "seven"}


async def test_methods_and_the_object_itself_are_called(desk: Handle) -> None:
    assert await desk.call("place", "x", times=2) == ["x", "x"]
    assert await desk.call(None, 4) == 8
    assert await desk.begin("place", "y", in_thread=True) == ["y"]
    with pytest.raises(SubmissionError, match="KeyError: 'no order'") as caught:
        await desk.call("fail")
    assert [frame.function for frame in caught.value.frames] == ["fail"]


async def test_a_comprehension_is_no_frame_of_its_own_in_any_python(desk: Handle) -> None:
    with pytest.raises(SubmissionError, match="KeyError: 'no order'") as caught:
        await desk.call("fail_for_each")
    assert [(frame.function, frame.code) for frame in caught.value.frames] == [
        ("fail_for_each", "else self.fail()"),
        ("fail", 'raise KeyError("no order")'),
    ]


async def test_identity_is_asked_where_the_objects_are(stage: Stage, desk: Handle) -> None:
    same, other = await stage.call("get"), await stage.call("get_other")
    assert await desk.is_same_as(same)
    assert not await desk.is_same_as(other)  # although it claims to be equal to everything
    assert await stage.call("name_of", desk, same) == ("Desk", True)


async def test_an_iterable_is_iterated_item_by_item(desk: Handle) -> None:
    assert [item async for item in await desk.call("numbers")] == [1, 2, 3, 4]
    assert [item async for item in await desk.attribute("log", keep=True)] == ["closed"]
    assert [item async for item in await desk.attribute("orders", keep=True)] == ["a", 7]


async def test_only_as_much_is_taken_from_an_iterator_as_is_asked_for(desk: Handle) -> None:
    numbers = await desk.call("numbers")
    async for item in numbers:
        assert item == 1
        break
    assert [item async for item in numbers] == [2, 3, 4]


async def test_an_async_iterable_is_iterated_item_by_item(desk: Handle) -> None:
    assert [item async for item in await desk.call("async_numbers")] == [1, 2, 3]


async def test_a_context_manager_is_entered_and_left(desk: Handle) -> None:
    async with (await desk.call("session")).entered() as entered:
        assert await desk.is_same_as(entered)
        assert await desk.attribute("log") == ["enter"]
    assert await desk.attribute("log") == ["enter", "exit"]


async def test_a_context_manager_is_left_as_if_its_body_had_raised(desk: Handle) -> None:
    async with (await desk.call("session")).entered(raising=ValueError("on purpose")):
        pass
    assert await desk.attribute("log") == ["enter", "swallowed on purpose", "exit"]
    with pytest.raises(SubmissionError, match="RuntimeError: made of no route"):
        async with (await desk.call("session")).entered(raising=OSError("no route")):
            pass


async def test_an_async_context_manager_is_entered_and_left(desk: Handle) -> None:
    async with (await desk.call("async_session")).entered(is_async=True) as value:
        assert value == "async"
    assert await desk.attribute("log") == ["enter", "exit"]


async def test_what_is_no_context_manager_says_so(desk: Handle) -> None:
    with pytest.raises(SubmissionError, match="AttributeError"):
        async with desk.entered():
            pass


async def test_names_of_the_module_are_read(perform: Perform) -> None:
    stage = await perform(OBJECTS)
    assert isinstance(await stage.attribute("desk"), Handle)
    with pytest.raises(SubmissionError, match="AttributeError"):
        await stage.attribute("nothing")


async def test_an_argument_of_the_submission_may_have_any_name(perform: Perform) -> None:
    stage = await perform("""
        def create(name, self=None):
            return [name, self]
    """)
    assert await stage.call("create", name="a", self="b") == ["a", "b"]


async def test_what_no_future_can_hold_is_told_from_a_thread(perform: Perform) -> None:
    stage = await perform("def run():\n    raise StopIteration(7)\n")
    with pytest.raises(SubmissionError) as raised:
        await stage.begin("run", in_thread=True)
    assert (raised.value.kind, raised.value.message) == ("StopIteration", "7")
