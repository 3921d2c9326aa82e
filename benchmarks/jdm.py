"""Writing a decision model (JDM) of zen-engine: an expression node or a decision table each."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Node = dict[str, Any]


@dataclass(slots=True)
class Model:
    """A graph that begins with ``input``; nodes name the nodes that they follow."""

    nodes: list[Node] = field(default_factory=list)
    edges: list[Node] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.nodes.append({"id": "input", "type": "inputNode", "name": "input"})

    def expressions(
        self, name: str, after: Sequence[str], values: Mapping[str, str], *, keep: bool = True
    ) -> str:
        """Values computed from what came before; with ``keep`` added to it."""
        rows = [{"id": f"{name}-{k}", "key": k, "value": v} for k, v in values.items()]
        return self._add(name, "expressionNode", after, {"expressions": rows, "passThrough": keep})

    def table(
        self,
        name: str,
        after: str,
        inputs: Sequence[str],
        output: str,
        rows: Sequence[Sequence[str]],
    ) -> str:
        """The first row whose cells all fit gives ``output`` its last cell. An empty cell fits
        anything; an input named ``""`` has whole expressions in its cells."""
        columns = [
            {"id": f"i{i}", "name": text or "if", **({"field": text} if text else {})}
            for i, text in enumerate(inputs)
        ]
        lines = [
            {
                "_id": f"{name}-{number}",
                **{f"i{i}": cell for i, cell in enumerate(row[:-1])},
                "o": row[-1],
            }
            for number, row in enumerate(rows)
        ]
        content = {
            "hitPolicy": "first",
            "inputs": columns,
            "outputs": [{"id": "o", "name": output, "field": output}],
            "rules": lines,
        }
        return self._add(name, "decisionTableNode", [after], content)

    def text(self, last: str) -> str:
        """The model as JSON; ``last`` gives the answer."""
        self._add("output", "outputNode", [last], None)
        return json.dumps({"nodes": self.nodes, "edges": self.edges})

    def _add(self, name: str, kind: str, after: Sequence[str], content: Node | None) -> str:
        node: Node = {"id": name, "type": kind, "name": name}
        if content is not None:
            node["content"] = content
        self.nodes.append(node)
        for source in after:
            self.edges.append(
                {
                    "id": f"{source}>{name}",
                    "type": "edge",
                    "sourceId": source,
                    "targetId": name,
                }
            )
        return name
