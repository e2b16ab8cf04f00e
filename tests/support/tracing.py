"""Which tests coverage does not trace."""

from __future__ import annotations

import pytest

untraced = pytest.mark.no_cover
"""For long tests of what shorter ones run as well: to trace them would double their time and show nothing more."""
