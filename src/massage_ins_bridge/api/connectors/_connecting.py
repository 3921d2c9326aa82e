"""What a connector tells while an account is connected, and of the clinic's settings later on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ...domain.told import Told

#: What a setting holds; of a ``list`` people name the items between commas.
SettingKind = Literal["text", "number", "yes-no", "list"]


@dataclass(frozen=True, slots=True)
class Advice(metaclass=Told):
    """Something in the clinic's settings on the platform that is amiss (``bad``) or that one should
    know (``note``); the message says what, and where on the platform to mend it."""

    level: Literal["note", "bad"]
    message: str


@dataclass(frozen=True, slots=True)
class Setting(metaclass=Told):
    """Something that a connector wants to know of an account, as a form asks it.

    ``name`` is where it stands in the account's settings: ``base_url``, ``api_key``,
    ``webhook_secret``, or ``options.NAME``. ``label`` is what people read, ``help`` where on the
    platform they find it. ``secret``: it is not shown, and stands in a file of its own where that
    can be (``api_key`` and ``webhook_secret`` always). ``default`` is as people would write it;
    ``choices``, where there are any, are all that may be written.
    """

    name: str
    label: str
    help: str = ""
    required: bool = True
    secret: bool = False
    default: str = ""
    kind: SettingKind = "text"
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Access(metaclass=Told):
    """What a key opens. ``owner`` is whose it is, as staff would know them; ``lacks`` what the
    bridge cannot do with it, each in plain words with the cure."""

    owner: str
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlatformService(metaclass=Told):
    """A service that clients can book, by the platform's own name of it (``ref``). ``questions`` of
    its booking form: the platform's name of each, and how people read it (see
    ``AccountConfig.form_fields``). ``asks_confirmation`` as in ``PlatformBooking``."""

    ref: str
    name: str
    minutes: int | None = None
    asks_confirmation: bool | None = None
    questions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlatformHost(metaclass=Told):
    """Somebody (or a calendar) who gives services, by the platform's own name; ``own``: the key's
    own user."""

    ref: str
    name: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class Registration(metaclass=Told):
    """How it came that deliveries are sent: the platform was told (``made``), told anew
    (``changed``), or knew (``already``)."""

    how: Literal["made", "changed", "already"]
    detail: str = ""
