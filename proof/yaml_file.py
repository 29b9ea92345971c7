"""Reads YAML that authors write: each text with its line, and what has another form as a fault."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from proof.faults import Fault, FaultError
from proof.pages import read_text


@dataclass(frozen=True)
class Text:
    """A text in the file, and the line where it begins."""

    text: str
    line: int


class YamlFile:
    """Takes YAML nodes apart; raises FaultError for what has another form."""

    def __init__(self, path: Path) -> None:
        """Take the file, which is read only when its root is asked for."""
        self.path = path

    def root(self) -> yaml.Node | None:
        """Give the outermost node."""
        try:
            return yaml.compose(read_text(self.path), Loader=yaml.CSafeLoader)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise FaultError(Fault(self.path, line, f"this is not YAML: {error.problem}")) from None

    def fault(self, node: yaml.Node | None, message: str) -> FaultError:
        """Make the error for a node."""
        return FaultError(Fault(self.path, node.start_mark.line + 1 if node else 1, message))

    def entries(
        self, node: yaml.Node | None, needed: tuple[str, ...], optional: tuple[str, ...] = ()
    ) -> dict[str, yaml.Node]:
        """Give the entries of a mapping that has all the needed ones and no unknown one."""
        valid = ", ".join([*needed, *optional])
        if not isinstance(node, yaml.MappingNode):
            raise self.fault(node, f"here stand entries `name: …`; they are: {valid}")
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            if key.value in found or key.value not in (*needed, *optional):
                trouble = "is there twice" if key.value in found else "is unknown"
                raise self.fault(key, f"{key.value!r} {trouble}; the entries are: {valid}")
            found[key.value] = value
        for name in needed:
            if name not in found:
                raise self.fault(node, f"{name!r} is missing; the entries are: {valid}")
        return found

    def named(self, node: yaml.Node | None) -> list[tuple[Text, yaml.Node]]:
        """Give the entries of a mapping that has some, under any names."""
        if not isinstance(node, yaml.MappingNode) or not node.value:
            raise self.fault(node, "here stand entries `name: …`")
        found: dict[str, tuple[Text, yaml.Node]] = {}
        for key, value in node.value:
            name = self.text(key)
            if name.text in found:
                raise self.fault(key, f"{name.text!r} is there twice")
            found[name.text] = name, value
        return list(found.values())

    def items(self, node: yaml.Node) -> list[yaml.Node]:
        """Give the items of a list that has some."""
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            raise self.fault(node, "here stands a list of items `- …`")
        items: list[yaml.Node] = node.value
        return items

    def text(self, node: yaml.Node) -> Text:
        """Give a text of one line, or of several after a `|`: so each keeps its line."""
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            raise self.fault(node, "here stands a text, and it is not empty")
        first = node.start_mark.line + 1
        block = node.style == "|"
        if not block and node.end_mark.line + 1 > first:
            raise self.fault(node, "a text of several lines begins on the line after a |")
        return Text(node.value.rstrip(), first + block)
