"""What a change of the settings file changes is said without secrets."""

from massage_ins_bridge.settings.changed import changed_words

BEFORE = {
    "clinic": {"name": "Alder", "practitioners": [{"key": "mira", "npi": "1234567893"}]},
    "accounts": [{"name": "desk", "api_key": "secret-one", "services": {"1": {"service": "a"}}}],
}


def test_what_was_and_is_stands_beside_each_other_and_no_secret() -> None:
    after = {
        "clinic": {"name": "Birch", "practitioners": [{"key": "mira"}], "network": {"va": []}},
        "accounts": [{"name": "desk", "api_key": "secret-2", "services": {"1": {"service": "b"}}}],
    }
    assert changed_words(BEFORE, after).split("; ") == [
        "accounts.desk.api_key was changed",
        "accounts.desk.services.1.service was a, is b",
        "clinic.name was Alder, is Birch",
        "clinic.network.va was nothing, is ",
        "clinic.practitioners.mira.npi was 1234567893, is nothing",
    ]
    assert changed_words(BEFORE, BEFORE) == ""


def test_many_changes_are_counted() -> None:
    many = {"clinic": {f"k{number:02}": "x" * 200 for number in range(14)}}
    words = changed_words({}, many)
    assert words.endswith("; and 2 more")
    assert len(words) < 14 * 160
