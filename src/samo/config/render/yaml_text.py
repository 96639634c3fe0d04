"""A document as YAML that reads back the same: here, on CircleCI, and in any YAML 1.1 reader."""

from typing import Any

import yaml

from samo.config.render.tree import Tree
from samo.config.scalar import resolve_plain

_UNLIMITED = 2**31 - 1  # the largest width that the C library takes
_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _ConfigDumper(_Dumper):  # type: ignore[misc]
    """Writes texts of several lines as blocks, and quotes what would not be read as text."""

    def ignore_aliases(self, _data: object) -> bool:
        """Write everything out, however often it is there: nothing else is compiled."""
        return True


def yaml_text(document: Tree) -> str:
    """Return a document as text, its keys in their order, lines as long as they are."""
    text: str = yaml.dump(
        document,
        Dumper=_ConfigDumper,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=False,
        width=_UNLIMITED,
    )
    return text


def _text(dumper: Any, text: str) -> yaml.ScalarNode:  # noqa: ANN401
    node: yaml.ScalarNode = dumper.represent_scalar("tag:yaml.org,2002:str", text, _style(text))
    return node


def _style(text: str) -> str | None:
    # A block that begins with a space needs a number that says how deep it is indented, which
    # not every reader takes for the same.
    if "\n" in text and not text[0].isspace():
        return "|"
    return None if isinstance(resolve_plain(text), str) else "'"


_ConfigDumper.add_representer(str, _text)
