"""``schema``: rule files, and what platforms send and are sent."""

import json

import jsonschema_rs
from tests.cli.conftest import Run


def test_schemas_are_listed_and_printed(run: Run) -> None:
    assert run("schema").out.splitlines() == [
        *("rules", "rules.clinic", "webhook.booking", "webhook.decision")
    ]
    printed = json.loads(run("schema", "webhook.booking").out)
    assert printed["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    done = run("schema", "webhook.bookings")
    assert done.code == 2
    assert "did you mean 'webhook.booking'?" in done.err


def test_the_schemas_of_rule_files_are_printed_without_settings(run: Run) -> None:
    """They take what the files hold, and no more."""
    broken = {"MIB_PORT": "none"}
    rules = jsonschema_rs.validator_for(run("schema", "rules", **broken).json)
    clinic = jsonschema_rs.validator_for(run("schema", "rules.clinic", **broken).json)
    change = {"rules": [{"plugin": "lni", "id": "LNI-01", "source": "a call"}]}
    assert rules.is_valid({"plugin": "lni", "ruleset": "1"})
    assert not rules.is_valid(change)
    assert clinic.is_valid(change)
    assert not clinic.is_valid({"rule": []})
