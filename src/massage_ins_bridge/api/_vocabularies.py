"""Every list of words that a plugin meets or says, by the name of the list."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import get_args

from ..domain.answers import (
    ACTION_KINDS,
    REQUIREMENT_KEYS,
    Cost,
    Outcome,
    Route,
    Status,
    Strength,
    Terms,
)
from ..domain.declared import AUTHORIZATION_KINDS, FACTS_ON, FactType
from ..domain.payer import EpisodeKind, Settlement
from ..domain.source import Sure
from ..domain.vocabulary import (
    AuthorizationStatus,
    ClaimStatus,
    Funding,
    Injury,
    InsurerKind,
    Network,
    Paid,
    Place,
    Position,
    Provider,
    Purpose,
    Unit,
)
from ..gate.authorizations import State

#: As the table in ``docs/plugins.md`` lists them.
VOCABULARIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "requirement keys": REQUIREMENT_KEYS,
        "statuses": get_args(Status),
        "effects": get_args(Cost),
        "outcomes": get_args(Outcome),
        "routes": get_args(Route),
        "waiver strengths": get_args(Strength),
        "self-pay terms": get_args(Terms),
        "action kinds": tuple(sorted(ACTION_KINDS)),
        "how sure a source is": get_args(Sure),
        "authorization kinds": AUTHORIZATION_KINDS,
        "authorization statuses": get_args(AuthorizationStatus),
        "authorization states": get_args(State),
        "claim statuses": get_args(ClaimStatus),
        "insurer kinds": get_args(InsurerKind),
        "coverage positions": get_args(Position),
        "fundings": get_args(Funding),
        "network statuses": get_args(Network),
        "units of time": get_args(Unit),
        "purposes": get_args(Purpose),
        "places": get_args(Place),
        "injuries": get_args(Injury),
        "providers of a visit": get_args(Provider),
        "what came of a claim": get_args(Paid),
        "settlements": get_args(Settlement),
        "kinds of episode": get_args(EpisodeKind),
        "facts that plugins add to": FACTS_ON,
        "types of a plugin's fact": get_args(FactType),
    }
)
