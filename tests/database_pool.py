"""Databases on PostgreSQL that are emptied and used again: making one and dropping it takes the
server longer than most tests take."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg.sql import SQL, Identifier

#: What stands in a database, by name: tables, sequences, indexes and views.
_WHATS_THERE = """
    SELECT c.relkind, n.nspname, c.relname
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%' ORDER BY 1, 2, 3
"""
#: Whatever else a test may leave: somebody connected, a setting of the database.
_LEFT = """
    SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
    UNION ALL SELECT 1 FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
    WHERE d.datname = current_database()
"""
Name = tuple[str, str]
Connection = psycopg.Connection[tuple[object, ...]]


class Pool:
    """Databases like one template, for one test at a time. ``pattern`` is the server's address with
    the database's name open."""

    def __init__(self, pattern: str, template: str) -> None:
        self._pattern, self._template = pattern, template
        self._free: list[str] = []
        self._made = 0
        with self._connected(template) as connection:
            self._there = _there(connection)
            self._kept = {name: _rows(connection, name) for name in _named(self._there, "r")}

    @contextmanager
    def database(self) -> Iterator[str]:
        """A database as the template is, by its name."""
        name = self._free.pop() if self._free else self._make()
        try:
            yield name
        finally:
            if self._emptied(name):
                self._free.append(name)
            else:
                self._drop(name)

    def close(self) -> None:
        for name in self._free:
            self._drop(name)

    def _emptied(self, name: str) -> bool:
        """Bring it back to what the template is; whether it now is that."""
        try:
            with self._connected(name) as connection:
                if connection.execute(_LEFT).fetchone() or _there(connection) != self._there:
                    return False
                _empty(connection, [table for table, rows in self._kept.items() if not rows])
                for sequence in _named(self._there, "S"):
                    connection.execute(
                        SQL("ALTER SEQUENCE {} RESTART").format(Identifier(*sequence))
                    )
                kept = [(table, rows) for table, rows in self._kept.items() if rows]
                return all(_rows(connection, table) == rows for table, rows in kept)
        except psycopg.Error:
            return False

    def _make(self) -> str:
        self._made += 1
        name = f"{self._template}_{self._made}"
        self._server(SQL("CREATE DATABASE {} TEMPLATE {}"), name, self._template)
        return name

    def _drop(self, name: str) -> None:
        self._server(SQL("DROP DATABASE {} WITH (FORCE)"), name)

    def _server(self, query: SQL, *names: str) -> None:
        with self._connected("postgres") as connection:
            connection.execute(query.format(*map(Identifier, names)))

    def _connected(self, name: str) -> Connection:
        return psycopg.connect(self._pattern.format(name), autocommit=True)


def _there(connection: Connection) -> list[tuple[object, ...]]:
    return connection.execute(_WHATS_THERE).fetchall()


def _named(there: list[tuple[object, ...]], wanted: str) -> list[Name]:
    return [(str(schema), str(name)) for kind, schema, name in there if kind == wanted]


def _rows(connection: Connection, name: Name) -> tuple[str, ...]:
    query = SQL("SELECT x::text FROM {} x ORDER BY 1").format(Identifier(*name))
    return tuple(str(row[0]) for row in connection.execute(query))


def _empty(connection: Connection, tables: list[Name]) -> None:
    """Delete what is in the tables, whichever of them refers to another."""
    if not tables:
        return
    asked = [
        SQL("SELECT {} AS n WHERE EXISTS (SELECT 1 FROM {})").format(n, Identifier(*table))
        for n, table in enumerate(tables)
    ]
    filled = connection.execute(SQL(" UNION ALL ").join(asked)).fetchall()
    connection.execute("SET session_replication_role = replica")
    for (number,) in filled:
        table = tables[int(str(number))]
        connection.execute(SQL("DELETE FROM {}").format(Identifier(*table)))
