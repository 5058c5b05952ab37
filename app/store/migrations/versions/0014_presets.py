"""presets of cameras that turn"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "preset",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.String(32), nullable=False),
        sa.Column("deleted_at", sa.String(32)),
        sa.Column("channel_id", sa.String(36), sa.ForeignKey("channel.id"), nullable=False),
        sa.Column("token", sa.String(100), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("position", sa.String(100), nullable=False),
    )
    op.create_index("preset_channel", "preset", ["channel_id", "token"], unique=True)


def downgrade() -> None:
    op.drop_table("preset")
