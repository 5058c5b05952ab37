"""the register of retrievals; private areas of channels"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "retrieval",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("console", sa.String(100), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("chain", sa.String(64), nullable=False),
    )
    op.create_index("retrieval_number", "retrieval", ["console", "number"], unique=True)
    op.add_column("channel", sa.Column("masks", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("channel") as table:
        table.drop_column("masks")
    op.drop_table("retrieval")
