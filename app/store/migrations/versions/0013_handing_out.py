"""A console's key for what is sealed to it; when grants begin and end, found by the moment.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "console", sa.Column("sealing_key", sa.String(64), nullable=False, server_default="")
    )
    op.create_index("grant_begin", "permission_grant", ["not_before"])
    op.create_index("grant_end", "permission_grant", ["not_after"])


def downgrade() -> None:
    op.drop_index("grant_end", "permission_grant")
    op.drop_index("grant_begin", "permission_grant")
    with op.batch_alter_table("console") as table:
        table.drop_column("sealing_key")
