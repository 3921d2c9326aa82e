"""Trying what a connector declares: each capability by the method of ``Trial`` with its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal, TypeVar, cast

from ..api.connectors import (
    BookingStatus,
    CalendarEntry,
    Gone,
    Notice,
    NoticeAction,
    PlatformError,
    Remedy,
    WriteResult,
)
from ..hooks.platform_answers import CheckedConnector, ConnectorFaultError
from .reading import all_pages, fetched

T = TypeVar("T")
#: An address that no simulated platform sends to yet.
REGISTERED = "https://bridge.example/webhooks/trial"
ENDED = ("cancelled", "rejected")
UNKNOWN_REF = (
    "it changed a booking that the platform does not know; let its PlatformGoneError through"
)


def answered(call: Callable[[], T]) -> T | PlatformError:
    """What a call answers, or the platform's error. A fault of the connector fails the test."""
    try:
        return call()
    except ConnectorFaultError:
        raise
    except PlatformError as error:
        return error


def _notices(ref: str, now: datetime) -> Iterator[Notice]:
    """One of each action, as a booking goes through them."""
    remedy = Remedy("prescription", "Ask for one.", "Please bring one.", now.date())
    steps: tuple[tuple[NoticeAction, Literal["allow", "hold", "block"]], ...] = (
        ("hold", "hold"),
        ("confirm", "allow"),
        ("cancel", "block"),
        ("reject", "block"),
    )
    for minutes, (action, outcome) in enumerate(steps):
        at, missing = now + timedelta(minutes=minutes), (remedy,) if outcome != "allow" else ()
        yield Notice(ref, outcome, action, "Please call us.", "Look at it.", 1, at, missing)


class NotedConnector:
    """A connector that notes how each of its methods came out."""

    def __init__(self, connector: CheckedConnector) -> None:
        self._connector = connector
        self._noted: dict[str, list[str]] = {}

    @property
    def as_checked(self) -> CheckedConnector:
        """Itself: it has all that the connector has."""
        return cast(CheckedConnector, self)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._connector, name)
        if name in ("can", "name", "hold_style") or not callable(found):
            return found

        def noting(*arguments: Any) -> Any:
            try:
                answer = found(*arguments)
            except PlatformError as error:
                self._note(name, type(error).__name__)
                raise
            self._note(name, getattr(answer, "reached", None) or type(answer).__name__)
            return answer

        return noting

    def told(self, name: str) -> str:
        """In which ways a method came out, in the order of their first time."""
        return ", ".join(self._noted.get(name, ["not called"]))

    def _note(self, name: str, how: str) -> None:
        ways = self._noted.setdefault(name, [])
        if how not in ways:
            ways.append(how)


@dataclass(frozen=True)
class Trial:
    """A connector on a platform where ``book`` makes a booking in a state and returns its ref."""

    connector: CheckedConnector
    book: Callable[[str], str]
    unknown_ref: str
    now: datetime
    new_states: tuple[BookingStatus, ...]
    key: str = "trial-1"

    def fetch(self) -> None:
        """A booking is read in each state that a new one can have; an unknown ref finds nothing."""
        for status in self.new_states:
            ref = self.book(status)
            found = fetched(self.connector, ref)
            assert (found.ref, found.status) == (ref, status)
            assert found.version is not None, "a booking that was read from its row has a version"
            assert found == self.connector.fetch(ref)
        assert self._knows_nothing_of(self.connector.fetch)

    def changes(self) -> None:
        """All that was made comes, page by page; later what was made since; then the list ends."""
        refs = {self.book(self.new_states[0]) for _ in range(3)}
        first = all_pages(self.connector.changes, None, self.now)
        assert refs <= set(first.refs)
        assert first.cursor is not None, "the next look would begin anew"
        later = self.book(self.new_states[0])
        second = all_pages(self.connector.changes, first.cursor, self.now)
        assert later in second.refs
        all_pages(self.connector.changes, second.cursor, self.now)

    def upcoming(self) -> None:
        """All that stands comes, page by page, and nothing that has begun."""
        refs = {self.book(status) for status in self.new_states for _ in range(2)}
        found = all_pages(self.connector.upcoming, None, self.now)
        assert refs <= set(found.refs)
        assert all(item.start >= self.now for item in found.items), "one has begun"

    def hold(self) -> None:
        """The mark is the one that is declared; to set it twice does no harm."""
        ref = self.book(self.new_states[-1])
        result = self.connector.hold(ref, "Please call us.", self.key)
        assert result.reached in (self.connector.hold_style, "native")
        assert self.connector.hold(ref, "Please call us.", self.key).reached != "unsupported"
        assert self._knows_nothing_of(lambda r: self.connector.hold(r, "", self.key))

    def confirm(self) -> None:
        """A booking that waits is accepted, once."""
        self._write(lambda ref: self.connector.confirm(ref, self.key), "pending", ("accepted",))

    def reject(self) -> None:
        """A booking that waits is refused, once."""
        reject = lambda ref: self.connector.reject(ref, "Please call us.", self.key)  # noqa: E731
        self._write(reject, "pending", ENDED)

    def cancel(self) -> None:
        """A booking that was accepted is cancelled, once."""
        cancel = lambda ref: self.connector.cancel(ref, "Please call us.", self.key)  # noqa: E731
        self._write(cancel, "accepted", ENDED)

    def reopen(self) -> None:
        """What was refused is accepted again, once."""
        ref = self.book(self.new_states[0])
        end = self.connector.reject if self.new_states[0] == "pending" else self.connector.cancel
        end(ref, "Please call us.", f"{self.key}-end")
        assert self.connector.reopen(ref, self.key).reached != "already", "it was not refused"
        if self.connector.can("fetch"):
            found = fetched(self.connector, ref)
            assert found.status == "accepted", "nothing was done"
        self._harmless(self.connector.reopen(ref, self.key))
        assert self._knows_nothing_of(lambda r: self.connector.reopen(r, self.key))

    def tell(self) -> None:
        """Every notice is taken, and may come twice."""
        ref = self.book(self.new_states[0])
        for number, notice in enumerate(_notices(ref, self.now)):
            for _ in range(2):
                result = self.connector.tell(notice, f"{self.key}-{number}", self.now)
                assert result.reached not in ("manual", "unsupported"), notice.action

    def put(self) -> None:
        """Another sequence is another version; the same entry again keeps its version."""
        entry = self._entry()
        first = self.connector.put(entry)
        assert self.connector.put(entry) == first
        assert self.connector.put(replace(entry, sequence=1, status="CANCELLED")) != first

    def remove(self) -> None:
        """An entry that is not there is no error."""
        if self.connector.can("put"):
            self.connector.put(self._entry())
        self.connector.remove("trial@massage-ins-bridge")
        self.connector.remove("trial@massage-ins-bridge")

    def examine(self) -> None:
        """What it says is the same each time, with and without an address."""
        assert self.connector.examine(None) == self.connector.examine(None)
        self.connector.examine("https://bridge.example/webhooks/desk")

    def access(self) -> None:
        """It is the same each time."""
        assert self.connector.access() == self.connector.access()

    def services(self) -> None:
        """A new booking is of one of them."""
        refs = {service.ref for service in self.connector.services()}
        assert refs, "it lists no service"
        if self.connector.can("fetch"):
            found = fetched(self.connector, self.book(self.new_states[0]))
            assert found.service_ref in refs, "a booking is of a service that is not listed"

    def hosts(self) -> None:
        """Those who give a new booking are among them, as far as the platform tells."""
        refs = {host.ref for host in self.connector.hosts()}
        assert refs, "it lists no host"
        if self.connector.can("fetch"):
            found = fetched(self.connector, self.book(self.new_states[0]))
            assert not found.host_refs or refs & set(found.host_refs), "none of them is listed"

    def register(self) -> None:
        """Once is enough; another address is another registration."""
        first = self.connector.register(REGISTERED)
        assert first.how in ("made", "changed"), "it was told before"
        assert self.connector.register(REGISTERED).how == "already", "it was made twice"

    def _write(
        self, act: Callable[[str], WriteResult], status: BookingStatus, reached: tuple[str, ...]
    ) -> None:
        ref = self.book(status if status in self.new_states else self.new_states[0])
        result = act(ref)
        assert result.reached != "already", "nothing was to do before anything was done"
        if self.connector.can("fetch") and result.reached not in ("manual", "unsupported"):
            found = self.connector.fetch(ref)
            assert isinstance(found, Gone) or found.status in reached, "nothing was done"
        self._harmless(act(ref))
        assert self._knows_nothing_of(act), UNKNOWN_REF

    def _harmless(self, repeat: WriteResult) -> None:
        """A repeat says that nothing was left to do. Where the booking cannot be read, nobody can
        tell; then the platform has to know the key of the write."""
        if self._no_change(repeat) or not self.connector.can("fetch"):
            return
        raise AssertionError(
            f"it was done twice: the repeat answered {repeat.reached!r}. Read the booking first, "
            "and answer WriteResult('already') where nothing is left to do"
        )

    @staticmethod
    def _no_change(result: WriteResult) -> bool:
        """Whether a repeat says that nothing was left to do."""
        return result.reached in ("already", "manual", "unsupported")

    def _knows_nothing_of(self, ask: Callable[[str], Any]) -> bool:
        """Whether the platform's ignorance is told, in whichever way."""
        told = answered(lambda: ask(self.unknown_ref))
        return isinstance(told, (Gone, PlatformError)) or self._no_change(told)

    def _entry(self) -> CalendarEntry:
        start = self.now + timedelta(days=1)
        end = start + timedelta(hours=1)
        return CalendarEntry("trial@massage-ins-bridge", start, end, "Massage", "TENTATIVE")
