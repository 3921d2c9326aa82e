"""What a caller knows already (RFC 9110, 13)."""

from __future__ import annotations

import re

from fastapi import Request

TAG = re.compile(r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"')


def is_known(request: Request, tag: str) -> bool:
    """Whether the request says that this state is known: If-None-Match compares weakly."""
    header = ",".join(request.headers.getlist("if-none-match"))
    return header.strip() == "*" or any(found[2] == tag for found in TAG.finditer(header))
