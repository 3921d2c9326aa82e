"""Whose browser it is while nobody has a sign-in, and from then on."""

from tests.web.conftest import Site
from tests.web.staff.desk_pages import TODAY, let_in

from massage_ins_bridge.desk.users import add_user, set_password

PASSWORD = "four words in a row"
EMAIL = "mira@example.com"


def test_pages_that_are_this_machines_are_shown_to_nobody_else(site: Site) -> None:
    asked = site.http.get(TODAY, follow_redirects=False)
    assert asked.headers["location"].startswith("/sign-in")
    assert "open the address that `massage-ins-bridge serve` prints" in site.http.get(TODAY).text
    let_in(site)
    assert site.http.get(TODAY).status_code == 200
    far = site.http.get(TODAY, headers={"x-forwarded-for": "203.0.113.9"})
    assert (far.status_code, "on the machine that they run on" in far.text) == (403, True)
    with site.installation.write() as record:
        row = add_user(record, {"name": "Mira", "email": EMAIL, "role": "owner"})
        set_password(record, row, PASSWORD)
    answer = site.http.get(TODAY, follow_redirects=False)
    assert answer.status_code == 303  # from now on people sign in
    entry = {"email": EMAIL, "password": PASSWORD, "then": TODAY}
    assert site.http.post("/sign-in", data=entry).status_code == 200
