"""Who defines a payer, and who names one that nobody defines."""

from collections.abc import Collection

from massage_ins_bridge.api import ALL_PAYERS, Payer
from massage_ins_bridge.hooks.payers_served import Serving, compare_payers, index_of


def serving(name: str, defines: Collection[str] = (), names: Collection[str] = ()) -> Serving:
    payers = tuple(Payer(key, key.title(), name, (f"{key} plus",)) for key in defines)
    return Serving(name=name, serves=frozenset([*defines, *names]), payers=payers)


def amiss(*plugins: Serving) -> dict[str, list[str]]:
    compare_payers(plugins)
    return {plugin.name: list(plugin.amiss) for plugin in plugins if plugin.amiss}


def test_one_definer_and_others_that_serve_it_too_are_well() -> None:
    both = serving("b", ["premera"], ["regence", ALL_PAYERS])
    assert amiss(serving("a", ["regence"]), both) == {}


def test_two_definers_are_both_told_and_who_serves_it_too_is_not() -> None:
    plugins = (
        serving("a", ["regence", "x"]),
        serving("b", ["regence"]),
        serving("c", (), ["regence"]),
    )
    assert amiss(*plugins) == {"a": ["regence"], "b": ["regence"]}
    assert "defined by the plugins a and b" in plugins[0].amiss["regence"]


def test_a_payer_of_two_definers_keeps_its_names_and_is_served_by_none() -> None:
    plugins = serving("a", ["regence", "x"]), serving("b", ["regence"])
    compare_payers(plugins)
    index = index_of(plugins)
    found = [index.find(name) for name in ("Regence", "regence plus", "x")]
    assert [match and (match.payer.key, match.payer.served) for match in found] == [
        *(("regence", False), ("regence", False), ("x", True))
    ]


def test_a_name_that_nobody_defines_is_told_with_the_nearest() -> None:
    plugin = serving("c", (), ["regense"])
    assert amiss(serving("a", ["regence"]), plugin) == {"c": ["regense"]}
    assert plugin.amiss["regense"].endswith("did you mean 'regence'?")


def test_a_plugin_that_is_off_or_failed_may_be_the_one_that_defines_it() -> None:
    plugin, off, failed = serving("c", (), ["regence"]), serving("a"), serving("b")
    off.disabled, failed.failure = True, "it cannot be imported"
    assert amiss(plugin, off) == amiss(plugin, failed) == {}
