"""What holds for all tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from functools import wraps
from typing import Any

import pytest
from coverage import Coverage
from hypothesis import HealthCheck, settings

# How long an example takes says how busy the machine is, and nothing of the program.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

TRACED_CASES = 8
"""So many parameters of a test are traced, and so many examples of a law: the others run the same lines, and tracing
doubles their time.
"""


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """In a worker, end the first of the two measurements that pytest-cov begins there: while the second is paused, for
    a test that is not to be traced, the first would trace it.
    """
    coverage = _coverage(session.config)
    if coverage is None or not hasattr(session.config, "workerinput"):
        return
    coverage.pause()
    if (first := Coverage.current()) is not None:
        first.stop()
    coverage.resume()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Trace the first cases of a test only."""
    cases = Counter[str]()
    for item in items:
        test = item.nodeid.partition("[")[0]
        cases[test] += 1
        if cases[test] > TRACED_CASES:
            item.add_marker(pytest.mark.no_cover)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Trace the first examples of a law only."""
    law: Any = getattr(getattr(item, "obj", None), "hypothesis", None)
    coverage = _coverage(item.config)
    if law is None or coverage is None or item.get_closest_marker("no_cover"):
        return (yield)
    whole, examples = law.inner_test, 0

    @wraps(whole)
    def counted(*arguments: Any, **named: Any) -> Any:
        nonlocal examples
        examples += 1
        if examples == TRACED_CASES + 1:
            coverage.pause()
        return whole(*arguments, **named)

    law.inner_test = counted
    try:
        return (yield)
    finally:
        law.inner_test = whole
        if examples > TRACED_CASES:
            coverage.resume()


def _coverage(config: pytest.Config) -> Any:
    """What measures coverage, None where nothing does."""
    return getattr(config.pluginmanager.getplugin("_cov"), "cov_controller", None)
