"""Addresses of clients' pages, and what their forms send."""

import re
from html import unescape
from typing import Any

from tests.desk.pages import CLINIC, PAGE
from tests.web.conftest import Site

SETTINGS: dict[str, Any] = {
    "clinic": CLINIC,
    "client_page": PAGE,
    "public_url": "https://mib.example",
}
#: What a form sends beside what is typed.
SENT = {"once": "a-token-of-one-form"}


def booked(site: Site, ref: str, **values: Any) -> str:
    """A booking on hold, and the address of its page."""
    name = values.pop("name", "Sofia Reyes")
    site.send(ref, name=name, email=f"{ref}@clients.example", **values)
    found = site.until(lambda: (b := site.booking(ref)).get("outcome") and b)
    made = site.api("POST", "/v1/links", {"name": "Dana", "booking": found["id"]}).json()
    return str(made["url"]).removeprefix("https://mib.example")


def post(site: Site, path: str, act: str, **more: Any) -> Any:
    """A form of the page as its browser sends it."""
    page = site.http.get(path).text
    found = re.search(rf'action="([^"]*/{act}\?[^"]*)" method="post"(.*?)</form>', page, re.DOTALL)
    assert found is not None, f"the page has no form for {act}"
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', found[2]))
    data = {**hidden, **more.pop("data", {})}
    return site.http.post(unescape(found[1]), data=data, follow_redirects=False, **more)


def revoked(site: Site, ref: str) -> str:
    """The address of a page that was taken away."""
    path = booked(site, ref)
    link = site.api("GET", f"/v1/patients/{site.booking(ref)['patient']}/links").json()[0]
    site.api("POST", f"/v1/links/{link['id']}/revoke")
    return path


#: By booking, what its page says at its head.
STATES = {
    "hold": "Sofia, your visit is not confirmed yet",
    "asked": "Sofia, your visit is not confirmed yet",
    "free": "Ana, your visit is not confirmed yet",
    "minor": "Jun, your visit is not confirmed yet",
    "stands": "Carmen, we still need something for your visit",
    "refused": "This visit cannot take place on your insurance",
    "confirmed": "Omar, your visit is confirmed",
    "gone": "This link no longer works",
}


class Pages:
    """A clinic with a visit in every state, and the addresses of the pages."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.paths = {"gone": "/p/" + "x" * 32}

    def book(self, ref: str, name: str, payer: str | None, **values: Any) -> dict[str, Any]:
        answers = {"payer": payer} if payer else {}
        about = {"name": name, "email": f"{ref}@clients.example", "host_refs": ("h1",)}
        self.site.send(ref, **{**about, "answers": answers, **values})
        found: dict[str, Any] = self.site.until(
            lambda: (b := self.site.booking(ref)).get("outcome") and b
        )
        made = self.site.api("POST", "/v1/links", {"name": "Dana", "booking": found["id"]})
        self.paths[ref] = made.json()["url"].removeprefix("https://mib.example")
        return found

    def insured(self, booking: dict[str, Any], **facts: Any) -> None:
        patient = f"/v1/patients/{booking['patient']}"
        (known,) = self.site.api("GET", patient).json()["coverages"]
        sent = {"staff_confirmed": True, "funding": "fully_insured", **facts}
        self.site.api("PATCH", f"{patient}/coverages/{known['record']}", sent)

    def decided(self, ref: str, heading: str) -> None:
        path = self.paths[ref]
        self.site.until(lambda: heading in self.site.http.get(path).text)
