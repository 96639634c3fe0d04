"""`<<include(path)>>` in an unpacked orb: the text of another of its files (ORB-017, ORB-018)."""

import re
from pathlib import Path

from samo.config.document import MAX_BYTES, ScalarNode
from samo.config.locate import place_within
from samo.config.problems import Problems
from samo.orbs.local_file import read_within
from samo.pipeline.problem import ConfigError, ProblemKind

_INCLUDE = re.compile(r"(?<!\\)<<\s*include\(([-\w/.]+)\)?\s*>>")
_MAX_INCLUDED = 10 * MAX_BYTES


class Includes:
    """Puts the files of an orb into its texts; `text` is the one that scalars are located in."""

    def __init__(self, root: Path, text: str, problems: Problems) -> None:
        self._root = root
        self._text = text
        self._problems = problems
        self._room = _MAX_INCLUDED

    def resolved(self, node: ScalarNode) -> ScalarNode:
        """Return a scalar with its includes replaced; what is wrong with one is noted."""
        if not node.has_tags or not isinstance(node.value, str):
            return node
        text = _INCLUDE.sub(lambda found: self._included(found, node), node.text)
        if text == node.text:
            return node
        # Its characters are no longer where they were typed: only its beginning can be told.
        return ScalarNode(node.place, text, text, has_tags="<<" in text)

    def _included(self, found: re.Match[str], node: ScalarNode) -> str:
        place = place_within(node, found.start(), self._text)
        try:
            content = read_within(self._root, self._root / found[1]).decode()
        except UnicodeDecodeError:
            self._problems.add(
                ProblemKind.INTERPOLATION, f"the included '{found[1]}' is no UTF-8", place
            )
            return ""
        except ConfigError as error:
            for problem in error.problems:
                self._problems.add(ProblemKind.INTERPOLATION, problem.message, place)
            return ""
        self._room -= len(content)
        if self._room < 0:
            message = f"includes make the orb grow by more than {_MAX_INCLUDED:,} characters"
            self._problems.add(ProblemKind.INTERPOLATION, message, place)
            return ""
        return content.replace("<<", r"\<<")
