"""``rules impact``: which standing bookings an edited rule file would decide otherwise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from .edited import edited_host
from .enforce import opened

if TYPE_CHECKING:
    from ..desk.impact import OutcomeChange
    from ..desk.installation import Installation
    from ..hooks.host import Host


def run(*, file: Path, as_json: bool, config: Path | None) -> int:
    """Decide every standing booking under both, and print those that differ. Nothing is written."""
    edited = edited_host(file, config)
    with opened(config) as installation:
        number, found = _looked_through(installation, edited)
        zone = installation.settings.clinic_facts.timezone
    if as_json:
        print(json.dumps([_plain(change) for change in found], indent=2, ensure_ascii=False))
        return 0
    print(f"{len(found):,} of {number:,} standing bookings would change their outcome.")
    for change in found:
        start = change.start.astimezone(ZoneInfo(zone or "UTC"))
        own = " (a person's word stands above it)" if change.overridden else ""
        who = f"{change.payer or 'payer unknown'}, booking {change.booking}"
        print(f"{start:%Y-%m-%d %H:%M}  {change.now} -> {change.then}{own}  {who}")
        print(f"    {change.why}")
    return 0


def _looked_through(installation: Installation, edited: Host) -> tuple[int, list[OutcomeChange]]:
    from rich.console import Console
    from rich.progress import Progress

    from ..desk.impact import count_standing, impact

    with installation.read() as record:
        number = count_standing(record)
    with Progress(console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("standing bookings", total=number)
        found = impact(installation, edited, lambda looked: shown.update(task, advance=looked))
    return number, found


def _plain(change: OutcomeChange) -> dict[str, Any]:
    return {
        "booking": change.booking,
        "patient": change.patient,
        "start": change.start.isoformat(),
        "payer": change.payer,
        "now": change.now,
        "then": change.then,
        "why": change.why,
        "overridden": change.overridden,
    }
