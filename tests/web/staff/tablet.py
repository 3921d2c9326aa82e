"""A front desk at a tablet, beside a simulated Cal.com on which clients book."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from massage_ins_bridge.demo.processes import EVENT_TYPES
from massage_ins_bridge.testing.installation import Installation
from massage_ins_bridge.testing.processes import call

PATIENCE = 20.0
ZONE = ZoneInfo("America/Los_Angeles")
PAPER = {
    "Prescriber": "Dr. Robin Feld",
    "Credential, as written": "MD",
    "NPI": "1234567893",
    "Licensed in": "WA",
    "Signed on": "2026-12-01",
    "Received on": "2026-12-07",
    "It is signed": "Yes",
    "Diagnoses": "M54.50",
    "Times": "1",
    "In each": "week",
    "For": "6",
    "Unit": "week",
    "Or so many visits": "6",
    "Orders": "massage",
    "It names pain": "Yes",
    "Loss of function": "cannot sit longer than 20 minutes",
    "Purpose": "rehabilitation",
}
CLAIM = {"Injured on": "2026-11-02", "Confirmed with the insurer": "Yes"}


def at(day: int, hour: int, minute: int = 0) -> str:
    return datetime(2026, 12, day, hour, minute, tzinfo=ZONE).isoformat()


@dataclass
class Week:
    """Dana at her tablet. Everything that she does she does by what a page shows."""

    page: Any
    platform: Installation
    bridge: str
    uids: dict[str, str] = field(default_factory=dict)

    def clock(self, day: int, hour: int, minute: int = 0) -> None:
        now = {"now": at(day, hour, minute)}
        call(f"{self.bridge}/demo/clock", now)
        self.platform.control("settings", now)

    def booked(self, name: str, day: int, hour: int, payer: str) -> None:
        """A client books on Cal.com."""
        first, last = name.lower().split()
        phone = "206-555-0116" if last == "mori" else f"206-555-01{20 + len(self.uids)}"
        body = {
            "event_type": EVENT_TYPES[0].id,
            "start": at(day, hour),
            "name": name,
            "email": f"{first}.{last}@clients.example",
            "phone": phone,
            "answers": {"insurance": payer},
        }
        self.uids[name] = self.platform.control("bookings", body)["uid"]

    def ways(self, name: str) -> list[tuple[str, str, str]]:
        """What became of a booking on the platform, and who did it."""
        changes = self.platform.control("journal?kind=change")
        return [(c["from"], c["to"], c["by"]) for c in changes if c["uid"] == self.uids[name]]

    def until(self, condition: Callable[[], Any], what: str) -> None:
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, (what, self.page.url, self.page.inner_text("main"))
            time.sleep(0.1)

    def sees(self, words: str) -> None:
        """Looks again until the page says so."""

        def there() -> bool:
            if self.page.get_by_text(words).first.is_visible():
                return True
            self.page.wait_for_load_state()  # one that still loads cannot always be loaded anew
            self.page.reload()
            return False

        self.until(there, words)

    @property
    def main(self) -> Any:
        return self.page.locator("main")

    def row(self, words: str) -> Any:
        return self.page.locator(".book", has_text=words)

    def press(self, name: str, within: Any = None) -> None:
        scope = self.main if within is None else within
        button = scope.get_by_role("button", name=name, exact=True)
        with self.page.expect_navigation():  # what comes next is not done on the page of before
            button.or_(scope.get_by_role("link", name=name, exact=True)).first.click()

    def type(self, fields: dict[str, str]) -> None:
        for label, value in fields.items():
            found = self.main.get_by_label(label, exact=True)
            if found.evaluate("e => e.tagName") == "SELECT":
                found.select_option(label=value)
            else:
                found.fill(value)

    def told(self, words: str) -> None:
        assert words in self.page.inner_text("#done")

    def today(self, name: str, button: str) -> None:
        """Presses a button in a client's row on Today."""
        self.page.goto("/today")
        self.press(button, self.row(name))

    def chart(self, name: str) -> None:
        """Finds a client."""
        self.page.locator("#find").fill(name)
        with self.page.expect_navigation(url="**/clients/pat_*"):  # another chart may be shown
            self.page.keyboard.press("Enter")
        assert name in self.page.inner_text("h1")

    def papers(self, name: str) -> None:
        self.chart(name)
        self.main.locator("details.menu summary").first.click()
        self.press("Papers, and the client\u2019s own page")

    def insured(self, name: str, payer: str) -> None:
        """The plan was called: what the client wrote is right."""
        self.chart(name)
        self.press("Change", self.main.locator("section", has_text="Insurance and claims").last)
        plan = {"Payer": payer, "Who pays for the plan": "The plan", "Visits a year": "12"}
        told = {"Used, as told": "0", "Told on": "2026-12-07", "Massage is a benefit": "Yes"}
        self.type({**plan, **told, "Confirmed with the plan": "Yes"})
        self.press("Save")
        self.told("The insurance is saved.")

    def claims(self, name: str, payer: str, **fields: str) -> None:
        """The insurer of an injury was called."""
        self.chart(name)
        self.press("Add a claim: L&I, PIP or crime victims")
        self.type({"Payer": payer, **CLAIM, **{k.replace("_", " "): v for k, v in fields.items()}})
        self.press("Save")
        self.told("The claim is saved")

    def prescribed(self, name: str, **fields: str) -> None:
        """A prescription came by fax: it is typed from the paper in the hand."""
        self.chart(name)
        self.press("Add a prescription")
        self.type({**PAPER, **{k.replace("_", " "): v for k, v in fields.items()}})
        self.press("Confirm")
        self.told("The prescription is confirmed.")
