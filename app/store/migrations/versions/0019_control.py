"""who steers a camera: the lock on the server, its log, and priorities that were stated"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "control_lock",
        sa.Column("channel_id", sa.String(36), sa.ForeignKey("channel.id"), primary_key=True),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("until", sa.String(32), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
    )
    op.create_table(
        "control_event",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("channel_id", sa.String(36), sa.ForeignKey("channel.id"), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
    )
    op.create_index("control_event_of_camera", "control_event", ["channel_id", "at"])
    op.create_table(
        "control_priority",
        sa.Column("account_id", sa.String(36), sa.ForeignKey("account.id"), primary_key=True),
        sa.Column("priority", sa.Integer(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("control_priority")
    op.drop_table("control_event")
    op.drop_table("control_lock")
