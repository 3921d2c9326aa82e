"""Tests lie where modules lie: that of ``desk/observe.py`` is ``tests/desk/test_observe.py``."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[1]
HOST, TESTS = ROOT / "src" / "massage_ins_bridge", ROOT / "tests"
#: By file of tests, the modules that it tests together with its own.
TOGETHER = {
    "cli/test_app.py": "cli/guard",
    "cli/test_keys.py": "store/keys",
    "demo/test_run.py": "demo/driver demo/facts demo/talk",
    "desk/test_by_hand.py": "desk/book",
    "desk/test_counted.py": "desk/counts",
    "desk/test_deadlines.py": "store/standing",
    "desk/test_decide.py": "store/decisions",
    "desk/test_first_look.py": "desk/listed store/looks desk/looked",
    "desk/test_observe.py": "store/bookings",
    "desk/test_plan_writes.py": "store/writes",
    "desk/test_settle_who.py": "desk/receipts store/merging store/receipts",
    "desk/test_take_in.py": "desk/held_back desk/look_again desk/platform_state store/deliveries",
    "desk/test_staff_words.py": "store/words",
    "desk/test_tasks.py": "store/tasks",
    "desk/test_visits.py": "store/visits",
    "desk/test_installation.py": "store/record",
    "desk/test_who.py": "store/doubts store/people",
    "desk/test_write_back.py": "desk/act desk/close_write",
    "domain/test_reading.py": "domain/problems domain/scalars",
    "engine/test_process_name.py": "store/names_held",
    "hooks/test_platform_answers.py": "hooks/platform_values",
    "cli/test_rules_impact.py": "cli/edited cli/rules_diff",
    "rulebook/test_book.py": "rulebook/coherence",
    "rules/test_prescription.py": "rules/paper",
    "settings/test_load.py": "settings/checks settings/model settings/problems",
    "store/test_clients.py": "store/identities",
    "store/test_backup.py": "store/archive store/copies store/dumps store/restore",
    "testing/test_connectors.py": "testing/amiss testing/capabilities",
    "testing/test_fake_connector.py": "testing/bookings",
    "testing/test_processes.py": "testing/child",
    "testing/test_rulings.py": "testing/requests",
    "web/door/test_access.py": "web/door/guard web/door/kept_files web/door/local",
    "web/door/test_given.py": "web/door/bodies web/door/problems web/v1/filters",
    "web/door/test_webhooks.py": "desk/receive",
    "web/staff/test_page.py": (
        "desk/opened desk/overview store/changes store/overview web/staff/shown"
    ),
    "web/test_app.py": "web/demo",
    "web/test_health.py": "web/door/probes web/metrics",
    "web/v1/test_accounts.py": "desk/sync",
    "web/v1/test_bookings.py": "desk/views store/lists",
    "web/v1/test_document.py": "web/v1/operation web/v1/routes web/v1/schemas",
    "web/v1/test_facts.py": "desk/prescriptions",
}
#: Tests of the host as a whole, or of what several rooms do together.
ACROSS = {
    *("", "benchmarks", "core_only", "docs", "kill", "platforms", "properties", "scripts"),
    *("scenarios", "second_reading", "simulation"),
    *("demo/test_page.py", "hooks/test_broken_plugins.py", "hooks/test_plugins_words.py"),
    *("hooks/test_specs_documented.py", "testing/test_strict.py", "rulebook/test_review.py"),
    *("rulebook/test_rule_files.py", "rules/test_rulings.py", "rules/test_texts.py"),
    *("rules/test_what_is_said.py",),
    *("store/test_migrations.py", "web/staff/test_browser.py"),
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
