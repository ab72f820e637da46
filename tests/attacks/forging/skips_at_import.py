"""Skips the test that it hopes to be imported by.

succeeds: points
stopped by: process
"""

import sys

import pytest

del sys.modules[__name__]  # so that the next test imports it again, and is skipped as well
pytest.skip("not today", allow_module_level=True)
