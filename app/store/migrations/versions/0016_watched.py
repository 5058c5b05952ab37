"""when this console saw the state of a camera"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "watched",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("camera_id", sa.String(36), nullable=False),
        sa.Column("since", sa.String(32), nullable=False),
        sa.Column("until", sa.String(32), nullable=False),
    )
    op.create_index("watched_camera", "watched", ["camera_id", "until"])
    op.create_index("watched_until", "watched", ["until"])


def downgrade() -> None:
    op.drop_table("watched")
