"""Lets failures inside the shared contract speak as clearly as those in a test file."""

import pytest

pytest.register_assert_rewrite("tests.delivery.contract")
