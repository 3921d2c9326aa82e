"""What ``doctor`` finds about e-mail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .finding import Finding

if TYPE_CHECKING:
    from ..settings import Settings


def mail_check(settings: Settings, *, offline: bool) -> Iterator[Finding]:
    """Whether the mail server lets the bridge in; nothing is sent."""
    from ..mail.client import ServerError, try_login

    mail = settings.mail
    if mail is None:
        yield Finding("note", "e-mail", "is not set up: clients hear nothing; see [mail]")
        return
    if offline:
        return
    try:
        try_login(mail)
    except ServerError as error:
        yield Finding("bad", "e-mail", f"{error} ({mail.host}:{mail.port}); see [mail]")
    else:
        yield Finding("good", "e-mail", f"{mail.host}:{mail.port} lets the bridge in")
    if not settings.client_page.phone:
        yield Finding("note", "e-mail", "names no telephone; set phone under [client_page]")
