"""Whether strangers see the staff page: asked for as a stranger would, at the public address."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .finding import Finding

if TYPE_CHECKING:
    from ..settings import Settings

SUBJECT = "staff page"
#: How long the public address may take to answer, in seconds.
PATIENCE = 5.0


def exposed(settings: Settings) -> Iterator[Finding]:
    """What the public address answers to somebody who is not signed in. Settings cannot tell: a
    proxy may sign in by itself, or another service may stand there."""
    import httpx

    from ..domain.describe import describe

    if not settings.public_url:
        return
    url = f"{settings.public_url.rstrip('/')}/mark"
    try:
        with httpx.Client(timeout=PATIENCE, trust_env=False) as client:
            status = client.get(url, follow_redirects=False).status_code
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        why = f"{settings.public_url} does not answer ({describe(error)}): who sees it is not known"
        yield Finding("note", SUBJECT, why)
        return
    if status == httpx.codes.OK:
        yield Finding(
            "bad",
            SUBJECT,
            f"{url} shows the desk to anybody, without a sign-in; have the proxy pass on "
            '/webhooks/ alone and sign nobody in, or set staff_page = "off"',
        )
    else:
        yield Finding("good", SUBJECT, f"is not shown to strangers ({status} without a sign-in)")
