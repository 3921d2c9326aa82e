"""What a handler asks for: the installation, the clinic of the key, the body."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Request

from ...desk.acts import note_key
from ...desk.installation import Installation
from ...store.acts import About
from .access import api_key, installation_of
from .bodies import json_body


def api_clinic(request: Request) -> str:
    """The clinic of the key. That it saw a client, or sent what is to be changed of one, is put on
    record first."""
    key, ids = api_key(request), request.path_params
    about = About(ids.get("patient_id"), ids.get("booking_id"))
    if about != About() or "document_id" in ids:
        looks = request.method in ("GET", "HEAD")
        note_key(installation_of(request), key, about, ids.get("document_id"), looks=looks)
    return key.clinic


Here = Annotated[Installation, Depends(installation_of)]
Clinic = Annotated[str, Depends(api_clinic)]
Body = Annotated[Any, Depends(json_body)]
