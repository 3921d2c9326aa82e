"""The tables that are gone through are those that the migrations make."""

import subprocess
import sys

import pytest
from sqlalchemy import inspect

from massage_ins_bridge.store.database import Store

#: What each of those does who go through all tables: a process that needs no more imports no more.
WHO = ("key_check", "forget", "database")


@pytest.mark.parametrize("who", WHO)
def test_whoever_goes_through_all_tables_knows_all(store: Store, who: str) -> None:
    code = (
        f"import massage_ins_bridge.store.{who}\n"
        "from massage_ins_bridge.store.models import Base\n"
        "print(*Base.metadata.tables)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(said.stdout.split()) == set(inspect(store.engine).get_table_names()) - {
        "alembic_version"
    }
