"""The settings that an installation of the supervisor writes are settings of the bridge."""

from pathlib import Path

from massage_ins_bridge.settings import load_settings
from massage_ins_bridge.testing.installation import ACCOUNT, EventType, Installation


def test_settings_can_be_loaded_and_say_what_was_asked(tmp_path: Path) -> None:
    kind = EventType(7, "cupping", "instant", "medical-massage", self_pay=True)
    made = Installation(tmp_path, (kind,), account={"poll_minutes": 9}, demo_clock=True)
    settings = load_settings(made.write_settings(), environ={})
    account = settings.account(ACCOUNT)
    assert account is not None
    assert (account.poll_minutes, settings.demo_clock) == (9, True)
    assert account.services["7"].self_pay
    assert account.webhook_secret.get_secret_value() == made.secret
    assert kind.option == "7:cupping:60:instant"
