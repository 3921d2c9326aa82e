"""Settings: where they come from, and one clear line for whatever is wrong."""

from decimal import Decimal
from pathlib import Path

import pytest

from massage_ins_bridge.settings import SettingsError, load_settings

GOOD = """
[clinic]
name = "Example Massage"
timezone = "America/Los_Angeles"
[clinic.network]
regence = [{status = "in", from = 2015-01-01}]
uhc = [{status = "in", from = "2015-01-01", to = "2019-07-26"}]
[[accounts]]
name = "front-desk"
connector = "calcom"
enforcement = "enforce"
api_key = "very-secret-key"
webhook_secret = "very-secret-hook"
[accounts.services]
"30412" = {service = "medical-massage", self_pay = false}
"""
MIRA = """
[[clinic.practitioners]]
key = "mira"
[accounts.practitioners]
8 = "mira"
"""
MIA = "accounts[0].practitioners.8: 'mia' is no key of [[clinic.practitioners]]; add"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "massage-ins-bridge.toml"
    path.write_text(GOOD, encoding="utf-8")
    return path


def test_it_works(file: Path) -> None:
    settings = load_settings(file, {})
    assert settings.port == 8766
    assert settings.host == "127.0.0.1"
    assert settings.max_body == 1_048_576
    assert settings.plugin_time_limit == 2.0
    assert settings.accounts[0].rate_limit == 120
    assert settings.accounts[0].services["30412"].self_pay is False
    assert settings.accounts[0].refuse_after_minutes == 15
    assert settings.accounts[0].refuse_in_office_hours is True
    assert settings.accounts[0].cancel_accepted is False
    assert len(settings.office_hours.spans) == 5
    network = settings.clinic_facts.network
    assert network is not None
    assert network["regence"][0].status == "in"


def test_hosts_are_the_clinics_practitioners(file: Path) -> None:
    file.write_text(GOOD + MIRA, encoding="utf-8")
    assert load_settings(file, {}).accounts[0].practitioners == {"8": "mira"}
    file.write_text(GOOD + MIRA.replace('8 = "mira"', '8 = "mirra"'), encoding="utf-8")
    with pytest.raises(SettingsError, match="did you mean 'mira'"):
        load_settings(file, {})
    twice = '[[clinic.practitioners]]\nkey = "mira"\n'
    file.write_text(GOOD + twice + MIRA, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"practitioners\[1\].key: 'mira' is given"):
        load_settings(file, {})


def test_without_any_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load_settings(None, {})
    assert settings.accounts == ()
    assert settings.clinic_facts.timezone == "America/Los_Angeles"


def test_variables_override_one_field_of_one_account(file: Path) -> None:
    one = {"MIB_ACCOUNTS__0__API_KEY": "other", "MIB_CLINIC__PRESCRIPTION_LEAD_DAYS": "5"}
    whole = {"MIB_PORT": "9000", "MIB_DISABLED_PLUGINS": '["lni"]'}
    settings = load_settings(file, one | whole)
    assert settings.accounts[0].api_key.get_secret_value() == "other"
    assert settings.accounts[0].connector == "calcom"
    assert settings.port == 9000
    assert settings.clinic_facts.prescription_lead_days == 5
    assert settings.disabled_plugins == ("lni",)


def test_what_a_late_authorization_and_a_visit_cost(file: Path) -> None:
    more = '[clinic]\nlate_authorization = "hold"\nfees = {pip = "120.00", lni = 95}'
    file.write_text(GOOD.replace("[clinic]", more, 1), encoding="utf-8")
    clinic = load_settings(file, {"MIB_CLINIC__FEES__LNI": "96.50"}).clinic_facts
    assert clinic.late_authorization == "hold"
    assert clinic.fees == {"pip": Decimal("120.00"), "lni": Decimal("96.50")}


def test_secrets_from_files(file: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("from-a-file\n", encoding="utf-8")
    text = GOOD.replace('api_key = "very-secret-key"', f'api_key_file = "{secret}"')
    file.write_text(text, encoding="utf-8")
    settings = load_settings(file, {"MIB_ACCOUNTS__0__WEBHOOK_SECRET_FILE": str(secret)})
    assert settings.accounts[0].api_key.get_secret_value() == "from-a-file"
    assert settings.accounts[0].webhook_secret.get_secret_value() == "from-a-file"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('name = "front-desk"', 'nmae = "front-desk"', "did you mean 'name'"),
        ('enforcement = "enforce"', "", "accounts[0].enforcement: is missing"),
        ('enforcement = "enforce"', 'enforcement = "yes"', "accounts[0].enforcement: must be"),
        ('api_key = "very-secret-key"', "api_key = 5", "accounts[0].api_key: must be"),
        ("self_pay = false", "selfpay = false", "did you mean 'self_pay'"),
        ("America/Los_Angeles", "Mars/Olympus", "clinic.timezone: 'Mars/Olympus' is no known"),
        ('status = "in", from', 'status = "inn", from', "clinic.network.regence[0].status"),
        ('name = "Example Massage"', 'nme = "x"', "clinic.nme: is not a known key"),
        ("[clinic]", "prot = 5\n[clinic]", "prot: is not a known setting; did you mean 'port'?"),
        ("[clinic]", "port = 99999\n[clinic]", "port: must be less than or equal to 65535"),
        ("[clinic]", "[clinic", "not valid TOML"),
        ("[clinic]", 'database_url = "mysql://u:pw@h/d"\n[clinic]', "database_url: must begin"),
        ('name = "front-desk"', 'name = "Front Desk"', "webhooks arrive at /webhooks/NAME"),
        ("[[accounts]]", "[accounts]", "accounts: must be tables; begin each with [[accounts]]"),
        ("[clinic]", 'public_url = "bridge"\n[clinic]', "public_url: cannot be used; write the"),
        ("[clinic]", 'worker_name = "a b"\n[clinic]', "worker_name: cannot be used; use up to 60"),
        ('api_key = "very', 'base_url = "cal"\napi_key = "very', "such as https://api.cal.com"),
        (
            'api_key = "very',
            'allowed_hosts = ["https://x/"]\napi_key = "very',
            "host's name alone",
        ),
        ("[clinic]", "data_dir = 5\n[clinic]", "data_dir: must be a path, written as text"),
        ("[clinic]", "disabled_plugins = 5\n[clinic]", "disabled_plugins: must be a list"),
        ("[clinic]", '[clinic]\noffice_hours = "Mon-Fri"', "clinic.office_hours: 'Mon-Fri' names"),
        ("[clinic]", "[clinic]\noffice_hours = 9", "clinic.office_hours: must be text"),
        (
            "[accounts.services]",
            "refuse_after_minutes = -1\n[accounts.services]",
            "minutes: must be",
        ),
        ("[accounts.services]", 'cancel_accepted = "x"\n[accounts.services]', "accepted: must be"),
        ("[accounts.services]", '[accounts.practitioners]\n8 = "mia"\n[accounts.services]', MIA),
        ("[clinic]", '[clinic]\nlate_authorization = "no"', "clinic.late_authorization: must be"),
        ("[clinic]", "[clinic]\nfees = {pip = 120.0}", "clinic.fees.pip: must be an amount"),
        ("[clinic]", "[clinic]\nfees = 120", "clinic.fees: must be an object"),
        ("[clinic]", "[clinic]\nadult_age = 99", "clinic.adult_age: must be an age from 1 to 25"),
        ('status = "in", from', 'practitioners = ["mia"], from', "'mia' is no key of clinic.pract"),
        ('to = "2019-07-26"', 'to = "2014-07-26"', "clinic.network.uhc[0].to: ends before it b"),
    ],
)
def test_one_line_names_field_and_cure(file: Path, old: str, new: str, said: str) -> None:
    file.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings(file, {})
    assert said in str(caught.value)
    for line in caught.value.problems:
        assert "\n" not in line
        assert "very-secret" not in line
        assert "pw@h" not in line


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"MIB_ACCOUNTS__0__API_KEY_FILE": "/no/such/file"}, "api_key_file: /no/such/file cannot"),
        ({"MIB_ACCOUNTS__3__NAME": "x"}, "MIB_ACCOUNTS__3__NAME"),
        ({"MIB_PRT": "1"}, "prt: is not a known setting"),
        ({"MIB_CONFIG": "/no/such.toml"}, "there is no such file"),
        ({"MIB_PORT": "many"}, "port: must be a valid integer"),
        ({"MIB_ACCOUNTS": "5"}, "accounts: must be tables; begin each with [[accounts]]"),
        ({"MIB_ACCOUNTS": "[5]"}, "accounts[0]: must be a table"),
    ],
)
def test_bad_variables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError, match=r"\S") as caught:
        load_settings(None, variables)
    assert said in str(caught.value)


def test_patterns_are_told_in_plain_words(file: Path) -> None:
    text = GOOD.replace('name = "front-desk"', 'name = "Front Desk"\nbase_url = "cal"')
    file.write_text(f'public_url = "x"\nworker_name = ""\n{text}', encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings(file, {})
    assert len(caught.value.problems) == 4
    assert not any(sign in str(caught.value) for sign in ("^", "\\", "pattern"))


def test_a_byte_order_mark_is_no_part_of_the_text(file: Path) -> None:
    file.write_text(f"\ufeff{GOOD}", encoding="utf-8")
    assert load_settings(file, {}).accounts[0].name == "front-desk"


def test_two_accounts_of_one_name(file: Path) -> None:
    account = '[[accounts]]\nname = "front-desk"\nconnector = "x"\nenforcement = "observe"\n'
    file.write_text(GOOD + account, encoding="utf-8")
    with pytest.raises(SettingsError, match="'front-desk' is given twice"):
        load_settings(file, {})


def test_secrets_do_not_show(file: Path) -> None:
    settings = load_settings(file, {"MIB_SECRET_KEY": "AAAA"})
    assert "very-secret" not in repr(settings)
    assert "AAAA" not in repr(settings)


MAIL = """
[mail]
host = "smtp.example.com"
sender = "Example Massage <desk@clinic.example>"
user = "desk"
password = "very-secret"
[client_page]
phone = "(253) 555-0142"
prices = { medical-massage = "110.00" }
"""


def test_e_mail_is_set_up(file: Path, tmp_path: Path) -> None:
    file.write_text(GOOD.replace("[[acc", MAIL + "[[acc"), encoding="utf-8")
    settings = load_settings(file, {}, {"public_url": "https://mib.example"})
    assert settings.mail is not None
    assert (settings.mail.port, settings.mail.security) == (587, "starttls")
    assert "very-secret" not in repr(settings)
    assert settings.client_page.prices == {"medical-massage": Decimal(110)}
    secret = tmp_path / "mail-password"
    secret.write_text("from a file\n", encoding="utf-8")
    text = MAIL.replace('password = "very-secret"', f'password_file = "{secret}"')
    file.write_text(GOOD.replace("[[acc", text + "[[acc"), encoding="utf-8")
    settings = load_settings(file, {}, {"public_url": "https://mib.example"})
    assert settings.mail is not None
    assert settings.mail.password.get_secret_value() == "from a file"


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("desk@clinic.example>", "desk>", "mail.sender: 'Example Massage <desk>' is no e-mail"),
        (
            'user = "desk"',
            'user = "desk"\nsecurity = "none"',
            "mail.security: a password would be sent unsealed",
        ),
        (
            'user = "desk"',
            'staff = ["dana@alder.example", "a@b.example\\nBcc: c@d.example"]',
            "mail.staff[1]: ",
        ),
        ('user = "desk"', 'reply_to = "nobody"', "mail.reply_to: 'nobody' is no e-mail address"),
        ('user = "desk"', 'digest_time = "7"', "mail.digest_time: cannot be used; write a time"),
        ('user = "desk"', 'hots = "x"', "mail.hots: is not a known setting; did you mean 'host'?"),
        ('"110.00"', '"0"', "client_page.prices.medical-massage: 0 is no price of a visit"),
        ("phone =", "fone =", "client_page.fone: is not a known setting; did you mean 'phone'?"),
    ],
)
def test_what_is_wrong_with_e_mail(file: Path, was: str, now: str, said: str) -> None:
    text = MAIL.replace(was, now)
    file.write_text(GOOD.replace("[[acc", text + "[[acc"), encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings(file, {}, {"public_url": "https://mib.example"})
    assert said in str(caught.value)


def test_e_mail_needs_an_address_for_its_links(file: Path) -> None:
    file.write_text(GOOD.replace("[[acc", MAIL + "[[acc"), encoding="utf-8")
    with pytest.raises(SettingsError, match="set public_url"):
        load_settings(file, {})
