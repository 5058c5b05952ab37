"""what devices say otherwise than the register"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "device_difference",
        sa.Column("channel_id", sa.String(36), primary_key=True),
        sa.Column("field", sa.String(40), primary_key=True),
        sa.Column("value", sa.String(200), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("detail", sa.String(200), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("device_difference")
