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
