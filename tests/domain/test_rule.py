"""A rule answers in its own name, and is in force for a while."""

from datetime import date

from massage_ins_bridge.domain.rule import Rule


def test_a_rule_makes_answers_in_its_own_name() -> None:
    rule = Rule("R-1", "A rule.", "a page", "core")
    day = date(2026, 12, 8)
    made = [
        *(rule.met("intake", "m"), rule.unmet("intake", "block", "m", "r", "p")),
        *(rule.unknown("intake", "m", "r", "p"), rule.owed("intake", "m", "r", "p", day)),
    ]
    assert [(item.status, item.effect) for item in made] == [
        *(("met", "none"), ("unmet", "block"), ("unknown", "hold"), ("due", "none"))
    ]
    assert {(item.rule, item.plugin, item.source) for item in made} == {("R-1", "core", "a page")}
    assert rule.waive("intake", "so", firm=False).strength == "doubtful"
    assert rule.finding("signature", "unmet", "m").rule == "R-1"
    assert rule.action("appeal", "do", day).due == day


def test_a_rule_is_in_force_on_its_first_and_last_day() -> None:
    rule = Rule("R", "t", "s", "core", from_=date(2026, 1, 2), to=date(2026, 1, 4))
    days = [date(2026, 1, day) for day in range(1, 6)]
    assert [rule.in_force(day) for day in days] == [False, True, True, True, False]
