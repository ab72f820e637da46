"""The tests of the desk. See README.md beside this file."""

import pytest
from desk import app
from fastapi.testclient import TestClient


@pytest.fixture
def client() -> TestClient:
    """A client of the desk."""
    # TODO: give the desk a feed and a book of the test's own, and after the test put everything back
    return TestClient(app)


# TODO: write tests that pass on this desk and fail on any desk that breaks one of its promises
