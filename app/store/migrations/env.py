"""Alembic's entry: migrates the connection that `store.database` hands over."""

from __future__ import annotations

from alembic import context

from app.store import (  # noqa: F401 -- so that the metadata is whole
    control_models,
    log_models,
    server_models,
    sync_models,
    ticket_models,
)
from app.store.models import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,
    # The caller began the transaction and ends it: all versions or none.
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
