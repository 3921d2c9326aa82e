"""What a handler asks for: the installation, the clinic of the key, the body."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends

from ...desk.installation import Installation
from .access import api_clinic, installation_of, staff_clinic
from .bodies import json_body

Here = Annotated[Installation, Depends(installation_of)]
Clinic = Annotated[str, Depends(api_clinic)]
StaffClinic = Annotated[str, Depends(staff_clinic)]
Body = Annotated[Any, Depends(json_body)]
