"""the supervisor's desk: records of persons, task cards and lists, entries by kind"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def _common() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.String(32), nullable=False),
        sa.Column("deleted_at", sa.String(32)),
    )


def upgrade() -> None:
    op.create_index("log_kind", "log", ["book", "kind", "at"])
    op.create_table(
        "person_record",
        *_common(),
        sa.Column("organisation_id", sa.String(36), nullable=False, server_default=""),
        sa.Column("person_name", sa.String(100), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("number", sa.String(100), nullable=False, server_default=""),
        sa.Column("issued_on", sa.String(10), nullable=False, server_default=""),
        sa.Column("valid_until", sa.String(10), nullable=False, server_default=""),
        sa.Column("issued_by", sa.String(200), nullable=False, server_default=""),
        sa.Column("hours", sa.Float(), nullable=False, server_default="0"),
        sa.Column("result", sa.String(300), nullable=False, server_default=""),
    )
    op.create_index("person_record_name", "person_record", ["person_name"])
    op.create_table(
        "guide",
        *_common(),
        sa.Column("organisation_id", sa.String(36), nullable=False, server_default=""),
        sa.Column("key", sa.String(60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(100), nullable=False, server_default=""),
        sa.Column("author", sa.String(100), nullable=False, server_default=""),
        sa.Column("content", sa.Text(), nullable=False),
    )
    op.create_index("guide_key", "guide", ["key", "version"])


def downgrade() -> None:
    op.drop_table("guide")
    op.drop_table("person_record")
    op.drop_index("log_kind", "log")
