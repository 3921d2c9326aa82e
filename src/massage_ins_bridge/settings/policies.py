"""Ready policies of a clinic to start from, as files of settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any

import tomlkit


def policies() -> Mapping[str, str]:
    """Their TOML text by name."""
    folder = resources.files(__package__) / "profiles"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return {f.name.removesuffix(".toml"): f.read_text(encoding="utf-8") for f in files}


def title_of(text: str) -> str:
    """What a policy is for: its first line."""
    return text.splitlines()[0].removeprefix("# ")


def clinic_of(text: str) -> Any:
    """What a policy says of the clinic."""
    return tomlkit.parse(text)["clinic"]


def choose(target: Any, name: str) -> Iterator[str]:
    """Write the policy of that name over what stands there, in the place of what another policy
    wrote; a line for each thing that changes."""
    known = policies()
    chosen, network = clinic_of(known[name]), target.get("network", {})
    for text in (text for other, text in known.items() if other != name):
        for payer, spans in clinic_of(text)["network"].items():
            ours = payer in network and network[payer] == spans
            if ours and payer not in chosen["network"]:
                del network[payer]
                yield f"clinic.network.{payer} is taken out (was {spans})"
    yield from lay(target, chosen, "clinic")


def lay(target: Any, policy: Any, path: str) -> Iterator[str]:
    """Write a policy over what stands there; a line for each thing that changes."""
    for key, value in policy.items():
        where = f"{path}.{key}"
        if hasattr(value, "items"):
            if key not in target:
                target[key] = {}
            yield from lay(target[key], value, where)
        elif key not in target or target[key] != value:
            before = f" (was {target[key]})" if key in target else ""
            target[key] = value
            yield f"{where} = {value}{before}"
