"""What somebody typed in a form that could not be carried out, for the page that says why."""

from __future__ import annotations

from typing import Any

from fastapi import Request

from ...desk.errors import MergedError, NotFoundError
from ...desk.fact_fields import FORMS
from ...desk.kept_form import KeptForm, may_be_shown
from ..door.access import installation_of
from .kept_words import in_words
from .person import Signed, SignInNeededError, signed

#: How many parts an address has behind /clients/ at least, and that of a fact.
_OF_A_CLIENT, _OF_A_FACT = 2, 3
_TAKEN_OUT = "Somebody took this out of the chart while it was open here. Nothing is saved."


def what_was_typed(request: Request, error: Exception) -> dict[str, Any]:
    """For the page of trouble: what was typed, by what its fields are called; and the form again,
    where the client is one with another by now. Nothing of forms that hold secrets, of whoever is
    not signed in, or while names are covered."""
    pairs = getattr(request.state, "pairs", None)
    path = request.url.path
    if not pairs or not may_be_shown(path):
        return {}
    try:
        who = signed(request)
    except SignInNeededError:
        return {}
    form = KeptForm(path, tuple((name, said) for name, said in pairs if name != "csrf"))
    with installation_of(request).read(who.person.clinic) as record:
        typed = () if who.person.covered else in_words(record, who.person, form)
    return {"typed": typed, **_again(who, form, error)} if typed else {}


def _again(who: Signed, form: KeptForm, error: Exception) -> dict[str, Any]:
    """The form again where it can be sent elsewhere; not that of a client as a whole, which would
    overwrite the other's."""
    _, where, *rest = form.path.split("/")
    if where != "clients" or len(rest) < _OF_A_CLIENT or rest[1] not in (*FORMS, "note"):
        return {}
    fields = dict(form.fields)
    taken_out = len(rest) == _OF_A_FACT and rest[2] != "new" and fields.get("do") != "remove"
    if isinstance(error, MergedError):
        path, button = "/".join(("", where, error.into, *rest[1:])), "Save it in the chart of both"
        fields["back"] = f"/clients/{error.into}"
        more = {}
    elif isinstance(error, NotFoundError) and taken_out:
        path, button = "/".join(("", where, *rest[:2], "new")), "Save it as a new one"
        fields.pop("seen", None)
        more = {"words": [_TAKEN_OUT]}
    else:
        return {}
    fields.pop("once", None)  # it is another act
    again = KeptForm(path, tuple(fields.items()))
    return {"again": again, "again_words": button, "csrf": who.csrf, **more}
