"""what each console saw of a camera, for the figures of others"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "observation",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.String(32), nullable=False),
        sa.Column("deleted_at", sa.String(32)),
        sa.Column("console", sa.String(36), nullable=False),
        sa.Column("channel_id", sa.String(36), sa.ForeignKey("channel.id"), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("known", sa.String(360), nullable=False),
        sa.Column("up", sa.String(360), nullable=False),
    )
    op.create_index(
        "observation_natural", "observation", ["channel_id", "console", "day"], unique=True
    )
    op.create_index("observation_day", "observation", ["day"])


def downgrade() -> None:
    op.drop_table("observation")
