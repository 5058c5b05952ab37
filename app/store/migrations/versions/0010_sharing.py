"""sharing: the legal basis of a request; passwords that serve once"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "share_request", sa.Column("basis", sa.String(500), nullable=False, server_default="")
    )
    op.add_column(
        "account",
        sa.Column("password_once", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    with op.batch_alter_table("account") as table:
        table.drop_column("password_once")
    with op.batch_alter_table("share_request") as table:
        table.drop_column("basis")
