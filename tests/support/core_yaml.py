"""YAML 1.2 as editors read it: `yes` and dates are texts."""

from __future__ import annotations

from typing import Any

import yaml


class Core(yaml.SafeLoader):
    """PyYAML's loader without YAML 1.1's dates and words for truth."""


Core.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if not tag.endswith(":timestamp") and (not tag.endswith(":bool") or first in "tfTF")
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def yaml_load(text: str) -> Any:
    """What an editor reads in a text."""
    return yaml.load(text, Core)
