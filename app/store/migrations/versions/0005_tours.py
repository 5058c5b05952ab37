"""tours; views belong to a person or to the organisation"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What was saved until now was made by the one person that this console knew.
    owner = sa.Column("owner", sa.String(110), nullable=False, server_default="person:local")
    op.add_column("view", owner)
    op.create_table(
        "tour",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.String(32), nullable=False),
        sa.Column("deleted_at", sa.String(32)),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("owner", sa.String(110), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("tour")
    with op.batch_alter_table("view") as table:
        table.drop_column("owner")
