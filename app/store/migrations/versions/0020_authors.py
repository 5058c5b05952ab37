"""who entered an operation; how far a chain of the audit log was verified"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("outbox", "sync_change"):
        op.add_column(
            table, sa.Column("author", sa.String(100), nullable=False, server_default="")
        )
    op.create_table(
        "audit_checkpoint",
        sa.Column("chain", sa.String(36), primary_key=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("audit_checkpoint")
    for table in ("outbox", "sync_change"):
        op.drop_column(table, "author")
