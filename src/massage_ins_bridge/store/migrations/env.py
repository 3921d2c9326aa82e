"""Alembic's entry: runs on the connection that ``store.migrate`` hands over."""

from alembic import context

from massage_ins_bridge.store.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
)
context.run_migrations()
