"""Tests lie where modules lie: that of ``desk/observe.py`` is ``tests/desk/test_observe.py``."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[1]
HOST, TESTS = ROOT / "src" / "massage_ins_bridge", ROOT / "tests"
#: By file of tests, the modules that it tests together with its own.
TOGETHER = {
    "api/test__help.py": "domain/told",
    "cli/test_app.py": "cli/exits",
    "cli/test_clinic.py": "settings/policies",
    "cli/new_plugin/test_command.py": (
        "cli/new_plugin/named cli/new_plugin/register cli/new_plugin/write"
    ),
    "cli/test_connect.py": "cli/connect_given cli/connect_steps",
    "cli/test_keys.py": "store/keys",
    "demo/test_sandbox.py": "demo/sandbox_people",
    "demo/test_run.py": "demo/clients demo/driver demo/facts",
    "desk/test_ask_before.py": "desk/gate_judge desk/gate_words",
    "cli/test_bookings.py": "cli/desk",
    "desk/test_calendar_feed.py": "store/calendars",
    "desk/test_by_hand.py": "desk/book",
    "desk/test_chart_file.py": "desk/chart_columns",
    "desk/test_charts_taken.py": "desk/charts_found store/forget",
    "desk/test_appeals.py": "desk/disputed",
    "desk/test_client_file.py": "store/scope",
    "desk/test_counted.py": "desk/counts",
    "desk/test_deadlines.py": "store/standing",
    "desk/test_decide.py": "store/decisions",
    "desk/test_failed_write.py": "desk/delivery_log store/tries",
    "desk/test_first_look.py": "desk/listed store/looks desk/looked",
    "desk/test_observe.py": "desk/platform_words store/bookings",
    "desk/test_plan_writes.py": "store/writes",
    "desk/test_faces.py": "desk/face_parts",
    "desk/test_row_acts.py": "desk/acts desk/booking_words desk/roles desk/ways_back store/acts",
    "desk/report/test_whole.py": "desk/report/answers desk/report/visits store/report_rows",
    "desk/test_reservations.py": "desk/reserved store/reservations",
    "desk/test_set_up.py": "desk/set_up_account desk/set_up_clinic",
    "desk/test_settle_who.py": "store/merging store/receipts",
    "desk/test_going_live.py": "store/to_come",
    "desk/test_known_plugins.py": "store/known_plugins",
    "desk/test_links.py": "store/links",
    "desk/test_mail_texts.py": "store/mail_texts",
    "desk/test_page_acts.py": "desk/form_answers desk/said store/page_acts",
    "desk/test_own_page.py": "desk/page_decision",
    "desk/test_papers.py": "desk/paper_states store/documents",
    "desk/test_send_mail.py": "desk/mail_values",
    "desk/test_take_in.py": "desk/platform_state store/deliveries",
    "desk/test_staff_words.py": "store/words",
    "desk/test_tasks.py": "store/tasks",
    "desk/test_visits.py": "store/visits",
    "desk/test_installation.py": "store/record",
    "desk/test_users.py": "desk/passwords desk/sign_in store/users",
    "desk/test_who.py": "store/doubts store/people",
    "desk/test_write_back.py": "desk/act desk/close_write",
    "domain/test_reading.py": "domain/problems domain/scalars",
    "engine/test_process_name.py": "store/names_held",
    "hooks/test_platform_answers.py": "hooks/platform_values",
    "hooks/test_versions.py": "api/_deprecated",
    "cli/test_links.py": "cli/mails",
    "cli/test_plugin_shown.py": "cli/known_host desk/plugin_faults",
    "cli/test_rules.py": "cli/groups",
    "cli/test_rules_impact.py": "cli/edited cli/rules_diff",
    "mail/test_client.py": "mail/message",
    "rulebook/test_book.py": "rulebook/coherence",
    "rules/test_prescription.py": "rules/paper",
    "desk/test_plugin_choice.py": "desk/plugin_acts hooks/marks",
    "web/staff/test_plugins.py": "web/door/written",
    "settings/test_edit.py": "settings/files",
    "settings/test_load.py": "settings/checks settings/problems",
    "store/test_clients.py": "store/identities",
    "store/test_database.py": "store/write_lock",
    "store/test_backup.py": "store/archive store/copies store/dumps store/restore",
    "rules/test_texts.py": "testing/conformance/texts",
    "testing/conformance/test_command.py": "testing/conformance/suite",
    "testing/conformance/test_examine.py": (
        "testing/conformance/again testing/conformance/answering testing/conformance/code "
        "testing/conformance/found testing/conformance/in_time testing/conformance/judging "
        "testing/conformance/rule_data testing/conformance/watching"
    ),
    "testing/test_connectors.py": "testing/amiss testing/capabilities",
    "testing/test_fake_connector.py": "testing/bookings",
    "testing/test_processes.py": "testing/child",
    "testing/test_rulings.py": "testing/requests",
    "web/door/test_paper_forms.py": "web/door/uploads",
    "web/client/test_page.py": (
        "web/client/calendar web/client/cards web/client/shown web/client/telephone"
    ),
    "web/door/test_access.py": "web/door/guard web/door/kept_files web/door/local",
    "web/door/test_given.py": "web/door/bodies web/door/problems web/v1/filters",
    "web/door/test_webhooks.py": "desk/receive",
    "web/v1/test_overview.py": (
        "desk/opened desk/overview store/changes store/overview web/v1/shown"
    ),
    "web/staff/test_papers.py": "desk/page_said desk/paper_acts",
    "web/staff/test_ask.py": "desk/worksheet desk/worksheet_answers desk/worksheet_typed",
    "web/staff/test_bookings.py": "desk/about_booking desk/booking_page",
    "web/staff/test_clinic.py": "desk/account_page desk/audit",
    "web/staff/test_clients.py": (
        "desk/already_here desk/client_page desk/delete_client desk/episodes "
        "desk/left desk/notes desk/timeline web/staff/deleting"
    ),
    "web/staff/test_facts.py": (
        "desk/fact_fields desk/fact_forms desk/payer_names web/staff/quicker"
    ),
    "web/staff/test_kept.py": "desk/kept_form web/staff/sent_files",
    "web/staff/test_phone.py": "desk/phone",
    "web/staff/test_prescriptions.py": "desk/prescription_form",
    "web/staff/test_rules.py": (
        "desk/rulefile/change desk/rulefile/drafts desk/rulefile/over desk/rulefile/sent"
    ),
    "web/staff/test_tasks.py": "desk/task_acts",
    "web/staff/test_texts.py": "desk/mail_acts",
    "web/staff/test_week.py": "desk/week",
    "web/staff/test_live.py": "desk/set_live",
    "web/staff/test_setup.py": (
        "web/staff/home web/door/service web/staff/setup_meet web/staff/setup_pages"
    ),
    "web/staff/test_signing.py": "web/staff/forms",
    "web/staff/test_today.py": (
        "desk/day desk/day_rows desk/frame desk/machine_lines "
        "desk/say desk/sight store/day web/staff/looks"
    ),
    "web/test_app.py": "web/demo",
    "web/test_calendars.py": "web/door/conditions",
    "web/test_health.py": "web/door/probes web/metrics",
    "web/v1/test_accounts.py": "desk/sync",
    "web/v1/test_bookings.py": "desk/tags desk/views store/lists",
    "web/v1/test_document.py": "web/v1/operation web/v1/routes web/v1/schemas",
    "web/v1/test_prescriptions.py": "desk/prescriptions",
    "web/v1/test_setup.py": "desk/set_up_fields desk/set_up_sent",
}
#: Tests of the host as a whole, or of what several rooms do together.
ACROSS = {
    *(
        "",
        "benchmarks",
        "core_only",
        "docs",
        "docs/cancel_only/tests",
        "kill",
        "platforms",
        "properties",
        "scripts",
    ),
    *("scenarios", "second_reading", "simulation"),
    *("calendars/test_corpus.py",),
    *("demo/test_page.py", "hooks/test_broken_plugins.py", "hooks/test_plugins_words.py"),
    *("hooks/test_specs_documented.py", "testing/test_strict.py", "rulebook/test_review.py"),
    *("rulebook/test_rule_files.py", "rules/test_rulings.py", "rules/test_texts.py"),
    *("rules/test_what_is_said.py",),
    *("store/test_migrations_0002.py", "store/test_migrations_0009.py"),
    *("web/client/test_browser.py", "web/staff/test_browser.py", "web/staff/test_lived_week.py"),
    *("web/staff/test_set_up_run.py", "web/staff/test_signs_out.py"),
    *("web/client/test_small_screens.py", "web/staff/test_small_screens.py"),
}
CHOICES = (ast.If, ast.IfExp, ast.For, ast.While, ast.Try, ast.BoolOp, ast.comprehension)


def chooses(path: Path) -> bool:
    """Whether there is anything in a module that could go one way or another."""
    found = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return any(isinstance(node, CHOICES) for node in found)


def modules() -> dict[str, Path]:
    """By name, such as ``desk/observe``, the host's modules but for migrations."""
    return {
        path.relative_to(HOST).with_suffix("").as_posix(): path
        for path in sorted(HOST.rglob("*.py"))
        if path.name != "__init__.py" and "migrations" not in path.parts
    }


def of_module(name: str) -> list[Path]:
    """Where a module's tests, or its rulings, are to be found."""
    room, _, last = name.rpartition("/")
    return [TESTS / room / f"test_{last}.py", TESTS / room / f"{last}.toml"]


def test_every_module_that_chooses_has_its_tests() -> None:
    together = {name for names in TOGETHER.values() for name in names.split()}
    bare = [
        name
        for name, path in modules().items()
        if chooses(path) and not any(map(Path.exists, of_module(name)))
    ]
    assert set(bare) - together == set(), "write a test for it, or say where it is tested"
    assert together - set(bare) == set(), "it has tests of its own, or is there no more"
    assert [name for name in TOGETHER if not (TESTS / name).exists()] == []


def test_every_file_of_tests_is_about_a_module() -> None:
    known = {file for name in modules() for file in of_module(name)}
    found = [path for path in sorted(TESTS.rglob("test_*.py")) if path not in known]
    names = [path.relative_to(TESTS) for path in found]
    odd = [n for n in names if not {n.as_posix(), n.parent.as_posix().strip(".")} & ACROSS]
    assert odd == [], "which module is it about?"
