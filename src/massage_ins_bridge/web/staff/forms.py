"""Forms as they come in: what was typed, who sent it, and that it is sent once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from ...desk.acts import Done, carry_out
from ...desk.installation import Installation
from ...desk.kept_form import keep
from ...desk.sign_in import csrf_fits
from ...store.record import Record
from ..door.access import installation_of
from ..door.forms import host_of, is_ours, read_pairs
from ..door.problems import ProblemError
from .person import SAID, Signed, SignInNeededError, session_cookie, signed

#: A form of text is short; files come by a door of their own.
MOST_BYTES = 262_144
#: What a form carries beside what is typed.
OWN = frozenset({"csrf", "once", "seen", "was", "back"})


@dataclass(frozen=True, slots=True)
class Form:
    """A form. ``fields``: what was typed, by field, trimmed; of several of one name the last.
    ``lists``: all of one name. ``seen``: the version of what it was made from; ``once``: its own
    mark, spent by the first use; ``back``: the page to go back to; ``was``: how its fields
    stood when it was made."""

    signed: Signed
    fields: Mapping[str, str]
    lists: Mapping[str, tuple[str, ...]]
    seen: str
    once: str
    back: str
    was: str = ""

    def get(self, name: str) -> str | None:
        """What was typed; ``None`` where nothing was."""
        return self.fields.get(name) or None


async def staff_form(request: Request) -> Form:
    """The form that was sent. Raises ``ProblemError`` for one of another site or kind, and
    ``SignInNeededError``."""
    pairs = [*request.query_params.multi_items(), *await read_pairs(request, MOST_BYTES)]
    request.state.pairs = pairs  # what was typed is shown again where it cannot be carried out
    try:
        who = signed(request)
    except SignInNeededError as error:
        error.kept = is_ours(request) and await run_in_threadpool(_keep, request, pairs)
        raise
    return form_of(request, who, pairs)


def _keep(request: Request, pairs: list[tuple[str, str]]) -> bool:
    """Keep what was sent by a browser that is signed out by now."""
    token = request.cookies.get(session_cookie(request), "")
    with installation_of(request).write() as record:
        return keep(record, token, request.url.path, pairs)


def form_of(request: Request, who: Signed, pairs: list[tuple[str, str]]) -> Form:
    """The form over its fields. Raises ``ProblemError`` where it is not of one of our pages."""
    if any("\0" in text for pair in pairs for text in pair):
        raise ProblemError(400, "The form holds a character that cannot be kept (U+0000).")
    lists: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        lists[name] = (*lists.get(name, ()), value.strip())
    fields = {name: values[-1] for name, values in lists.items()}
    if not is_ours(request) or not csrf_fits(who.csrf, fields.get("csrf", "")):
        raise ProblemError(
            403, "This form is not of this page, or of an earlier sign-in. Open its page again."
        )
    typed = {name: value for name, value in fields.items() if name not in OWN}
    return Form(
        signed=who,
        fields=typed,
        lists={name: lists[name] for name in typed},
        seen=fields.get("seen", ""),
        once=fields.get("once", ""),
        back=inside(fields.get("back", "")),
        was=fields.get("was", ""),
    )


def inside(path: str, otherwise: str = "/today") -> str:
    """The path where it is one of this site, else another."""
    good = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if good and host_of(path) == "" and len(path) < 500 else otherwise


def act(installation: Installation, form: Form, do: Callable[[Record], Done | None]) -> Response:
    """Carry out what a form asks for, once, and go back to its page, which tells of it. A form
    that was sent twice is answered as it was the first time. ``do`` gives ``None`` where there was
    nothing left to do.

    Raises what ``do`` raises; then nothing is changed.
    """
    act_id = carry_out(installation, form.signed.person, form.once, do)
    return RedirectResponse(with_done(form.back, act_id), 303)


_MOST_SAID = 600


def back_with(path: str, words: str) -> Response:
    """Back to a page, which says why what was asked for could not be done."""
    answer = RedirectResponse(path, 303)
    said = quote(words[:_MOST_SAID])
    answer.set_cookie(SAID, said, max_age=60, httponly=True, samesite="strict")
    return answer


def with_done(path: str, act_id: str | None) -> str:
    if act_id is None:
        return path
    base, _, fragment = path.partition("#")
    head, _, query = base.partition("?")
    kept = [part for part in query.split("&") if part and not part.startswith("done=")]
    return f"{head}?{'&'.join([*kept, f'done={act_id}'])}" + (f"#{fragment}" if fragment else "")


Sent = Annotated[Form, Depends(staff_form)]
