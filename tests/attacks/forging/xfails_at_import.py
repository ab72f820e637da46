"""Declares the failure of the test that imports it to be expected.

succeeds: points
stopped by: process
"""

import sys

import pytest

del sys.modules[__name__]  # so that the next test imports it again
pytest.xfail("known to fail")
