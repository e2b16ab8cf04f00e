"""What holds for all tests."""

from __future__ import annotations

from collections.abc import Generator
from functools import wraps
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes says how busy the machine is, and nothing of the program.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

TRACED_EXAMPLES = 12


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Trace the first examples of a law only: the others run the same lines, and tracing doubles their time."""
    law: Any = getattr(getattr(item, "obj", None), "hypothesis", None)
    coverage: Any = getattr(item.config.pluginmanager.getplugin("_cov"), "cov_controller", None)
    if law is None or coverage is None or item.get_closest_marker("no_cover"):
        return (yield)
    whole, examples = law.inner_test, 0

    @wraps(whole)
    def counted(*arguments: Any, **named: Any) -> Any:
        nonlocal examples
        examples += 1
        if examples == TRACED_EXAMPLES + 1:
            coverage.pause()
        return whole(*arguments, **named)

    law.inner_test = counted
    try:
        return (yield)
    finally:
        law.inner_test = whole
        if examples > TRACED_EXAMPLES:
            coverage.resume()
