"""Nobody is refused because they gave themselves another way, and nobody is let through on the
papers of somebody else.

Bookings are for the day after tomorrow: whoever is not cured is refused at once.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from tests.desk.bridge import Bridge, make_bridge
from tests.properties.people import MADE_UP, PEOPLE, Client, Given, strangers, variant

from massage_ins_bridge.desk.chart import add_client, add_fact
from massage_ins_bridge.desk.settle_who import is_new, merge
from massage_ins_bridge.testing.bookings import NOW

SOON = NOW + timedelta(days=2)
COVERAGE = {"payer": "regence", "staff_confirmed": True}
pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Bridge]:
    made = make_bridge(tmp_path, None)
    yield made
    made.close()


class Desk:
    """The ten people on file, cured, and whose booking each one truly is."""

    def __init__(self, bridge: Bridge, random: Random) -> None:
        self.bridge, self.random = bridge, random
        self.number = 0
        self.charts: dict[str, str] = {}
        with bridge.installation.write() as record:
            for client in PEOPLE:
                data = {"name": client.names[0], "email": client.email, "phone": client.phone}
                self.charts[client.email] = add_client(record, data).id
            for chart in self.charts.values():
                add_fact(record, chart, "coverage", COVERAGE)

    def book(self, given: Given) -> tuple[str, str, str | None]:
        """Book; the booking's ref, whose chart it was judged on, and the outcome."""
        self.number += 1
        ref = f"b{self.number}"
        start = SOON + timedelta(minutes=self.number)
        said: dict[str, Any] = {"email": None, "phone": None, **given}
        row = self.bridge.take(ref, start=start, **said)
        return ref, row.patient_id, row.outcome

    def cancel(self, ref: str) -> None:
        self.bridge.take(ref, "cancelled", status="cancelled")

    def client_comes(self, client: Client) -> None:
        """They are never refused. Where they are held, staff says who they are, and from then on
        they are let through."""
        given, chart = variant(client, self.random), self.charts[client.email]
        ref, patient, outcome = self.book(given)
        assert outcome in ("allow", "hold"), given
        assert (patient == chart) is (outcome == "allow"), given
        if outcome == "hold" and self.random.random() < 0.5:
            with self.bridge.installation.write() as record:
                merge(record, chart, patient, "Pat")
            self.bridge.work()
            assert self.bridge.outcome(ref) == "allow", given
            if given.get("email", MADE_UP[0]) not in MADE_UP or "phone" in given:
                again, *known = self.book(given)
                assert known == [chart, "allow"], given
                self.cancel(again)
        self.cancel(ref)

    def stranger_comes(self, given: Given) -> None:
        """They are never let through, and never seen as one of those on file."""
        ref, patient, outcome = self.book(given)
        assert outcome != "allow", given
        assert patient not in self.charts.values(), given
        if outcome == "hold" and self.random.random() < 0.5:
            with self.bridge.installation.write() as record:
                client = record.clients.get(patient)
                if client is not None and client.doubtful:
                    is_new(record, patient, "Pat")
            self.bridge.work()
            assert self.bridge.outcome(ref) != "allow", given
        self.cancel(ref)


def play(bridge: Bridge, seed: int, variants: int) -> None:
    random = Random(seed)
    desk = Desk(bridge, random)
    for _ in range(variants):
        client = random.choice(PEOPLE)
        desk.client_comes(client)
        if random.random() < 0.4:
            desk.stranger_comes(random.choice(list(strangers(client, random))))


@pytest.mark.parametrize("seed", range(2))
def test_a_few_ways_to_give_oneself(clinic: Bridge, seed: int) -> None:
    play(clinic, seed, 20)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 110))
def test_five_hundred_ways_to_give_oneself(clinic: Bridge, seed: int) -> None:
    play(clinic, seed, 50)
