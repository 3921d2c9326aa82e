"""The words that plugins add to the host's own."""

from massage_ins_bridge.domain.answers import ACTION_KINDS
from massage_ins_bridge.domain.declared import (
    AUTHORIZATION_KINDS,
    NO_WORDS,
    NOTHING_DECLARED,
    Declared,
    DeclaredAction,
    DeclaredFact,
    DeclaredKind,
    vocabulary_of,
)

OURS = Declared(
    (DeclaredFact("va", "authorization", "units", "int", "Units"),),
    (DeclaredAction("va.return-records", "Return the records"),),
    (DeclaredKind("va.referral", "Referral of the VA"),),
)


def test_a_plugin_names_its_own_actions_and_the_hosts() -> None:
    words = vocabulary_of([OURS])
    assert words.actions_of("va") - ACTION_KINDS == {"va.return-records"}
    assert words.actions_of("regence") == ACTION_KINDS


def test_every_plugin_may_meet_every_kind_of_authorization() -> None:
    words = vocabulary_of([OURS])
    assert words.all_authorization_kinds == (*AUTHORIZATION_KINDS, "va.referral")
    assert words.facts["authorization"]["va"]["units"].label == "Units"
    assert dict(words.facts["visit"]) == {}


def test_what_is_declared_goes_by_the_name_the_plugin_was_installed_by() -> None:
    words = vocabulary_of([OURS.named("tricare.west")])
    assert list(words.actions) == ["tricare.west.return-records"]
    assert words.actions_of("tricare.west") > ACTION_KINDS
    assert list(words.facts["authorization"]) == ["tricare.west"]


def test_nothing_declared_is_one_vocabulary() -> None:
    """Readers are made once for each."""
    assert vocabulary_of([NOTHING_DECLARED]) is NO_WORDS
