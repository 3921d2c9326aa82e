"""A clinic whose clients have pages and get e-mails, over the rules as they are."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select
from tests.desk.bridge import Bridge, make_bridge

from massage_ins_bridge.desk.chart import add_fact, change_client
from massage_ins_bridge.desk.links import LinkedPage, make_link, open_link
from massage_ins_bridge.desk.own_page import OwnPage, own_page
from massage_ins_bridge.desk.page_acts import ActKind, Sent, do, seen_of
from massage_ins_bridge.desk.papers import look_through
from massage_ins_bridge.settings import ClientPageSettings, MailSettings
from massage_ins_bridge.store.models import WriteRow
from massage_ins_bridge.store.page_models import LinkRow
from massage_ins_bridge.store.task_models import TaskRow
from massage_ins_bridge.store.writes import EMAIL
from massage_ins_bridge.testing import installed_host

CLINIC = {
    "name": "Alder Street Massage",
    "timezone": "America/Los_Angeles",
    "practitioners": [{"key": "tomas", "name": "Tomás Ortega, LMT", "npi": "1234567893"}],
    "network": {
        "regence": [{"status": "in", "from": "2015-01-01"}],
        "premera": [{"status": "out", "from": "2015-01-01"}],
        "lni": [{"status": "in", "from": "2015-01-01"}],
    },
}
PAGE = ClientPageSettings(
    phone="(253) 555-0142",
    fax="(253) 555-0143",
    address="418 Alder St, Tacoma",
    prices={"medical-massage": Decimal(110)},
)
ONCE = "a-token-of-one-form"
#: After which an e-mail about a booking has left.
WAIT = timedelta(minutes=2, seconds=1)


def page_bridge(folder: Path, url: str | None = None, **more: Any) -> Bridge:
    """``account`` and ``enforcement`` as of ``make_bridge``; ``mail`` is off unless it is given."""
    account = {"practitioners": {"h1": "tomas"}, **more.pop("account", {})}
    settings = {"clinic": CLINIC, "client_page": PAGE, "public_url": "https://mib.example"}
    return make_bridge(
        folder,
        url,
        more.pop("enforcement", "enforce"),
        installed_host(),
        account=account,
        **{**settings, **more},
    )


def mail_to(port: int, **more: Any) -> MailSettings:
    """Settings for a server on this machine."""
    given = {"host": "127.0.0.1", "port": port, "security": "none"}
    return MailSettings(**{**given, "sender": "Alder Street <desk@alder.example>", **more})


def come(bridge: Bridge, ref: str = "b1", payer: str | None = "regence", **values: Any) -> None:
    """Sofia books; staff has confirmed what insurance she has."""
    given = {"name": "Sofia Reyes", "email": "sofia@clients.example", "host_refs": ("h1",)}
    answers = {"payer": payer} if payer else {}
    bridge.take(ref, **{**given, "answers": answers, **values})


def insured(bridge: Bridge, ref: str = "b1", payer: str = "regence", **more: Any) -> None:
    """Her coverage is confirmed, in the place of what she wrote."""
    patient = bridge.row(ref).patient_id
    facts = {"payer": payer, "position": "primary", "funding": "fully_insured", **more}
    with bridge.installation.write() as record:
        for row in record.facts.list(patient, "coverage"):
            record.facts.remove(row)
        add_fact(record, patient, "coverage", {**facts, "staff_confirmed": True})
    bridge.work()


def held(bridge: Bridge, ref: str = "b1", **values: Any) -> None:
    """Sofia books what needs a prescription, and her coverage is confirmed."""
    come(bridge, ref, **values)
    insured(bridge, ref)


def cure(bridge: Bridge) -> None:
    """What holds her booking is put right."""
    prescribed(bridge)
    told(bridge, intake_received=True)


def later(bridge: Bridge, wait: timedelta = WAIT) -> None:
    """So much time passes, and what waits is done."""
    bridge.clock.moment += wait
    bridge.work()


def told(bridge: Bridge, ref: str = "b1", **facts: Any) -> None:
    """What staff notes of her."""
    with bridge.installation.write() as record:
        change_client(record, bridge.row(ref).patient_id, facts)
    bridge.work()


def prescribed(bridge: Bridge, ref: str = "b1", **more: Any) -> None:
    """A prescription that does."""
    data = {
        "signed_on": "2026-11-20",
        "received_on": "2026-11-21",
        "signed": True,
        "staff_confirmed": True,
        "prescriber": {"credential": "MD", "npi": "1234567893", "state": "WA"},
        "diagnoses": ["M54.50"],
        "frequency": {"times": 2, "per": "week"},
        "duration": {"count": 6, "unit": "week"},
        "visits": 12,
        "orders": ["massage"],
        "pain": True,
        "loss_of_function": "cannot sit longer than 20 minutes",
        "purpose": "rehabilitation",
    }
    bridge.add_fact(ref, "prescription", {**data, **more})


def link_to(bridge: Bridge, ref: str | None = "b1", **more: Any) -> str:
    """The token of a new link."""
    about = {"booking": bridge.row(ref).id} if ref else {}
    bridge.clock.moment += timedelta(seconds=1)  # the newest one is the one that is looked at
    with bridge.installation.write() as record:
        url = make_link(bridge.installation, record, {"name": "Dana", **about, **more}).url
    return url.rpartition("/")[2]


def opened(bridge: Bridge, record: Any) -> LinkedPage:
    """What the newest link opens."""
    row = record.session.scalars(select(LinkRow).order_by(LinkRow.created_at.desc())).first()
    found = open_link(record, row)
    assert found is not None
    return found


def look(bridge: Bridge) -> OwnPage:
    """What the newest link shows."""
    with bridge.installation.read() as record:
        return own_page(bridge.installation, record, opened(bridge, record))


def act(bridge: Bridge, kind: ActKind, once: str = ONCE, **more: Any) -> str:
    """One form of the newest link is sent; the act's id."""
    seen = seen_of(look(bridge))
    more["files"] = look_through(more["files"]) if "files" in more else ()
    sent = Sent(kind, once, more.pop("language", "en"), more.pop("seen", seen), **more)
    with bridge.installation.write() as record:
        done = do(bridge.installation, record, opened(bridge, record), sent).id
    bridge.work()
    return done


def tasks(bridge: Bridge, kind: str) -> list[str]:
    """The texts of the open tasks of a kind."""
    with bridge.installation.read() as record:
        rows = record.session.scalars(
            select(TaskRow).where(TaskRow.kind == kind, TaskRow.done_at.is_(None))
        )
        return [record.tasks.message(row) for row in rows]


def mails(bridge: Bridge) -> list[tuple[str, str]]:
    """The e-mails on record, with their states, in the order in which they were wanted."""
    with bridge.installation.read() as record:
        query = select(WriteRow).where(WriteRow.channel == EMAIL)
        rows = record.session.scalars(query.order_by(WriteRow.created_at, WriteRow.number))
        return [(row.kind, row.state) for row in rows]
