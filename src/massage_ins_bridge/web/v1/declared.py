"""JSON Schema of what plugins declare. Which plugins there are is known once the service runs, so
that the parts of the document are named here and filled when it is made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import Field
from typing import Any

from ...domain.declared import FACTS_ON, DeclaredFact, Vocabulary
from ...domain.extra import EXTRA, PLUGINS_TOO

Schema = dict[str, Any]
_KINDS = "AuthorizationKind"


def of_plugins(field: Field[Any]) -> Schema | None:
    """The schema of a field of a fact to which plugins add, else ``None``."""
    on = field.metadata.get(EXTRA)
    if on is None and PLUGINS_TOO not in field.metadata:
        return None
    return {"$ref": f"#/components/schemas/{_name(on) if on else _KINDS}"}


def _name(on: str) -> str:
    return f"{on.title()}Extra"


def declared_schemas(
    words: Vocabulary, scalars: Mapping[str, Schema]
) -> Iterator[tuple[str, Schema]]:
    """The named parts that the fields above refer to; ``scalars`` are those of each type."""
    kinds: list[str | None] = [*words.all_authorization_kinds, None]
    labels = [
        f"`{kind.kind}`: {kind.label}" for _, kind in sorted(words.authorization_kinds.items())
    ]
    told = {"description": "; ".join(labels)} if labels else {}
    yield _KINDS, {"enum": kinds, **told}
    for on in FACTS_ON:
        plugins = {
            plugin: _object({name: _field(fact, scalars) for name, fact in fields.items()})
            for plugin, fields in sorted(words.facts[on].items())
        }
        said = f"fields of plugins on the {on}, by plugin"
        yield _name(on), {**_object(plugins), "description": said}


def _object(properties: Schema) -> Schema:
    return {"type": ["object", "null"], "properties": properties, "additionalProperties": False}


def _field(fact: DeclaredFact, scalars: Mapping[str, Schema]) -> Schema:
    if fact.type == "choice":
        return {"enum": [*fact.choices, None], "description": fact.label}
    made = scalars[fact.type]
    kinds = made["type"]
    types = [*([kinds] if isinstance(kinds, str) else kinds), "null"]
    said = made.get("description")
    return {**made, "type": types, "description": f"{fact.label}, {said}" if said else fact.label}
