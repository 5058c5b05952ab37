"""faults: when to escalate, pictures that are back, score; the order of lists without a filter"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "ticket", sa.Column("escalate_at", sa.String(32), server_default="9999", nullable=False)
    )
    for name in ("back", "score"):
        op.add_column("ticket", sa.Column(name, sa.Integer(), server_default="0", nullable=False))
    op.add_column(
        "ticket_camera",
        sa.Column("is_back", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.create_index("ticket_escalate", "ticket", ["is_open", "escalate_at"])
    op.create_index("ticket_at", "ticket", ["at", "id"])
    named = sa.text("kind = 'ticket'")
    op.create_index(
        "log_ticket", "log", ["book", "subject"], sqlite_where=named, postgresql_where=named
    )


def downgrade() -> None:
    op.drop_index("log_ticket", "log")
    op.drop_index("ticket_at", "ticket")
    op.drop_index("ticket_escalate", "ticket")
    op.drop_column("ticket_camera", "is_back")
    for name in ("score", "back", "escalate_at"):
        op.drop_column("ticket", name)
