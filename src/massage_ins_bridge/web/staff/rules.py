"""The rules' pages: in force on a day, and changed by the owner, with what that would change."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from ...desk.acts import Done
from ...desk.errors import NotFoundError
from ...desk.roles import must_be_allowed
from ...desk.rulefile import change
from ...desk.rulefile.form import value_fields
from ...desk.rulefile.over import setting_over
from ...domain.reading import UnusableInputError
from ...domain.rule import Rule
from ...store.record import Record
from ..door.given import Here
from .forms import Form, Sent, act
from .labels import OF_RULES
from .looks import page, problems_of
from .person import Signed, Who
from .routes import StaffRoute
from .today import FIRST, LAST

router = APIRouter(include_in_schema=False, route_class=StaffRoute)


@router.get("/rules")
def rules(
    request: Request,
    who: Who,
    installation: Here,
    of: Annotated[str, Query(max_length=60)] = "",
    on: Annotated[date | None, Query(ge=FIRST, le=LAST)] = None,
) -> Response:
    """The rules in force on a day, where they were read, and when they are to be read again."""
    with installation.read(who.person.clinic) as record:
        day = on or record.today
        books = installation.host.rules_on(day)
        chosen = of if of in books else next(iter(sorted(books)), "")
        found = sorted(books.get(chosen, {}).values(), key=lambda rule: rule.id)
        return page(
            request,
            record,
            who,
            "rules.html",
            found=found,
            chosen=chosen,
            books=sorted(books),
            on=day,
            today=record.today,
            over=partial(_over, installation),
        )


@router.get("/rules/{plugin}/{rule_id}/change")
def change_form(
    request: Request, plugin: str, rule_id: str, who: Who, installation: Here
) -> Response:
    """A rule's values, to be changed."""
    must_be_allowed(who.person, "rules")
    return _form(request, who, installation, (plugin, rule_id))


@router.post("/rules/{plugin}/{rule_id}/change")
def changed(
    request: Request, plugin: str, rule_id: str, form: Sent, installation: Here
) -> Response:
    """Keep the change, and show what it would change; nothing holds yet."""
    must_be_allowed(form.signed.person, "rules")
    try:
        with installation.read(form.signed.person.clinic) as record:
            rule = change.rule_of(installation, record, plugin, rule_id)
            if form.get("do") == "back":
                draft = change.draft_back(installation, rule)
            else:
                draft = change.draft_change(installation, record, rule, form.fields)
    except UnusableInputError as error:
        return _form(request, form.signed, installation, (plugin, rule_id), form, error)
    return RedirectResponse(f"/rules/drafts/{draft.id}", 303)


@router.get("/rules/drafts/{draft_id}")
def draft(request: Request, draft_id: str, who: Who, installation: Here) -> Response:
    """What a change would change: how far the look is, and what it found."""
    must_be_allowed(who.person, "rules")
    found = change.look(installation, request.app.state.rule_looks, draft_id)
    with installation.read(who.person.clinic) as record:
        names = request.app.state.opened.names(record, {one.patient for one in found.found})
        return page(request, record, who, "rule_draft.html", found=found, names=names)


@router.post("/rules/drafts/{draft_id}")
def used(draft_id: str, form: Sent, installation: Here) -> Response:
    """Have the change hold."""
    must_be_allowed(form.signed.person, "rules")
    if form.get("do") != "use":
        raise NotFoundError("button")

    def do(record: Record) -> Done:
        made = change.use(installation, record, draft_id)
        said = change.told(installation, made)
        return Done("rule-changed", said, undo="rules", needs={"draft": made.id})

    return act(installation, form, do)


def _over(installation: Any, rule: Rule) -> str:
    return setting_over(installation.settings.clinic_facts, rule.plugin, rule.id)


def _form(
    request: Request,
    who: Signed,
    installation: Any,
    which: tuple[str, str],
    form: Form | None = None,
    error: UnusableInputError | None = None,
) -> Response:
    with installation.read(who.person.clinic) as record:
        rule = change.rule_of(installation, record, *which)
        fields = value_fields(rule)
        labels = {**OF_RULES} | {f"v-{field.name}": field.label.capitalize() for field in fields}
        return page(
            request,
            record,
            who,
            "rule.html",
            422 if error else 200,
            rule=rule,
            fields=fields,
            own=change.is_own(installation.settings, rule),
            typed=dict(form.fields) if form is not None else {},
            problems=problems_of(error, labels),
            when=change.when(installation),
            over=_over(installation, rule),
        )
