"""synchronisation: outbox, feed, conflicts, attachments, personal settings"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

TABLES = (
    "preference", "attachment", "conflict", "outbox", "shadow", "sync_state", "upload",
    "sync_head", "sync_feed", "sync_change", "sync_operation", "sync_replica", "blob",
)


def upgrade() -> None:
    op.create_table(
        "preference",
        sa.Column("person", sa.String(100), nullable=False),
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.String(32), nullable=False),
        sa.Column("deleted_at", sa.String(32)),
    )
    op.create_index("preference_person", "preference", ["person", "key"], unique=True)
    op.create_table(
        "attachment",
        sa.Column("person", sa.String(100), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("entity_id", sa.String(36), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("size", NUMBER, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.String(32), nullable=False),
        sa.Column("deleted_at", sa.String(32)),
    )
    op.create_index("ix_attachment_entity_id", "attachment", ["entity_id"])
    op.create_index("ix_attachment_sha256", "attachment", ["sha256"])
    op.create_table(
        "conflict",
        sa.Column("person", sa.String(100), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("entity_id", sa.String(36), nullable=False),
        sa.Column("field", sa.String(50), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("mine", sa.Text(), nullable=False),
        sa.Column("theirs", sa.Text(), nullable=False),
        sa.Column("mine_by", sa.String(100), nullable=False),
        sa.Column("mine_at", sa.String(32), nullable=False),
        sa.Column("theirs_by", sa.String(100), nullable=False),
        sa.Column("theirs_at", sa.String(32), nullable=False),
        sa.Column("decided", sa.String(10), nullable=False),
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.String(32), nullable=False),
        sa.Column("deleted_at", sa.String(32)),
    )
    op.create_index("ix_conflict_person", "conflict", ["person"])
    op.create_table(
        "outbox",
        sa.Column("n", sa.Integer(), primary_key=True),
        sa.Column("op_id", sa.String(36), nullable=False, unique=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("entity_id", sa.String(36), nullable=False),
        sa.Column("base_rev", NUMBER, nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("offset_ms", NUMBER, nullable=False),
        sa.Column("person", sa.String(100), nullable=False),
        sa.Column("number", NUMBER),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("seq", NUMBER),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("head", NUMBER),
        sqlite_autoincrement=True,
    )
    op.create_index("outbox_row", "outbox", ["kind", "entity_id"])
    op.create_index("outbox_seq", "outbox", ["seq"])
    op.create_index("outbox_shown", "outbox", ["shown"])
    op.create_table(
        "shadow",
        sa.Column("kind", sa.String(20), primary_key=True),
        sa.Column("entity_id", sa.String(36), primary_key=True),
        sa.Column("rev", NUMBER, nullable=False),
        sa.Column("state", sa.Text()),
    )
    op.create_table(
        "sync_state",
        sa.Column("key", sa.String(50), primary_key=True),
        sa.Column("value", sa.Text(), nullable=False),
    )
    op.create_table(
        "upload",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("size", NUMBER, nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("problem", sa.String(200), nullable=False),
    )
    op.create_table(
        "sync_head",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("history", sa.String(36), nullable=False),
        sa.Column("floor", NUMBER, nullable=False),
        sa.Column("durable", NUMBER, nullable=False),
    )
    op.create_table(
        "sync_feed",
        sa.Column("kind", sa.String(20), primary_key=True),
        sa.Column("entity_id", sa.String(36), primary_key=True),
        sa.Column("seq", NUMBER, nullable=False, unique=True),
        sa.Column("moved", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "sync_change",
        sa.Column("seq", NUMBER, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("entity_id", sa.String(36), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("op_id", sa.String(36), nullable=False),
        sa.Column("replica", sa.String(36), nullable=False),
        sa.Column("person", sa.String(100), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("client_at", sa.String(32), nullable=False),
        sa.Column("offset_ms", NUMBER, nullable=False),
        sa.Column("mark", sa.String(36), nullable=False),
    )
    op.create_index("sync_change_row", "sync_change", ["kind", "entity_id", "seq"])
    op.create_table(
        "sync_operation",
        sa.Column("op_id", sa.String(36), primary_key=True),
        sa.Column("replica", sa.String(36), nullable=False),
        sa.Column("n", NUMBER, nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
    )
    op.create_index("sync_operation_n", "sync_operation", ["replica", "n"], unique=True)
    op.create_table(
        "sync_replica",
        sa.Column("replica", sa.String(36), primary_key=True),
        sa.Column("last_n", NUMBER, nullable=False),
        sa.Column("console_id", sa.String(36), nullable=False),
        sa.Column("user_id", sa.String(36), nullable=False),
        sa.Column("seen_at", sa.String(32), nullable=False),
    )
    op.create_table(
        "blob",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("size", NUMBER, nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
    )
    op.add_column("retrieval", sa.Column("rev", sa.Integer(), nullable=False, server_default="0"))
    op.add_column(
        "retrieval", sa.Column("person", sa.String(100), nullable=False, server_default="")
    )
    # Two copies of one console may have given out a number each: both entries are kept.
    op.drop_index("retrieval_number", "retrieval")
    op.create_index("retrieval_number", "retrieval", ["console", "number"])
    for name in ("view", "tour", "layout"):
        op.add_column(
            name,
            sa.Column("organisation_id", sa.String(36), nullable=False, server_default=""),
        )


def downgrade() -> None:
    for name in ("view", "tour", "layout"):
        with op.batch_alter_table(name) as table:
            table.drop_column("organisation_id")
    op.drop_index("retrieval_number", "retrieval")
    op.create_index("retrieval_number", "retrieval", ["console", "number"], unique=True)
    with op.batch_alter_table("retrieval") as table:
        table.drop_column("person")
        table.drop_column("rev")
    for name in reversed(TABLES):
        op.drop_table(name)
