"""Settings of the clinic that decide in the place of a rule's own number."""

from __future__ import annotations

from ...domain.clinic import Clinic

#: By plugin and rule, the key of ``[clinic]`` that outranks it.
SETTINGS = {("core", "RX-07"): "prescription_lead_days", ("core", "CP-MINOR"): "adult_age"}


def setting_over(clinic: Clinic, plugin: str, rule_id: str) -> str:
    """What staff is told where a setting decides in a rule's place; empty where none does."""
    name = SETTINGS.get((plugin, rule_id))
    value = getattr(clinic, name) if name is not None else None
    if value is None:
        return ""
    return (
        f"The setting {name} of [clinic] says {value}, and decides. What the rule says counts once "
        "that setting is taken out of the settings file, and the service was started again."
    )
