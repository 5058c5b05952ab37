"""one file per device: the exchange's core fields, further fields, and the history of all"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

COLUMNS = {
    "position": (("division", 8), ("common_name", 100), ("install_address", 200),
                 ("place_types", 50), ("direction", 2), ("authority", 50),
                 ("managing_unit", 100), ("contact", 100), ("departments", 50)),
    "device": (("ipv4", 15), ("ipv6", 45), ("mac", 17), ("camera_type", 2), ("functions", 50),
               ("light", 2), ("coding", 2), ("installed_on", 10), ("state", 1),
               ("in_use_since", 10), ("warranty_until", 10), ("replace_on", 10),
               ("dismantled_on", 10)),
    "channel": (("networked", 1),),
}


def _synced() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.String(32), nullable=False),
        sa.Column("deleted_at", sa.String(32)),
    ]


def upgrade() -> None:
    for table, columns in COLUMNS.items():
        for name, length in columns:
            op.add_column(
                table, sa.Column(name, sa.String(length), nullable=False, server_default="")
            )
    op.add_column("channel", sa.Column("retention_days", sa.Integer()))
    op.create_table(
        "asset_field",
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("entity_id", sa.String(36), nullable=False),
        sa.Column("field", sa.String(40), nullable=False),
        sa.Column("value", sa.String(1000), nullable=False),
        *_synced(),
    )
    op.create_index("asset_field_entity", "asset_field", ["entity_id"])
    op.create_table(
        "asset_change",
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("entity_id", sa.String(36), nullable=False),
        sa.Column("person", sa.String(100), nullable=False),
        sa.Column("source", sa.String(10), nullable=False),
        sa.Column("detail", sa.String(200), nullable=False),
        sa.Column("batch", sa.String(36), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        *_synced(),
    )
    op.create_index("asset_change_entity", "asset_change", ["entity_id"])
    op.create_index("asset_change_batch", "asset_change", ["batch"])
    op.create_table(
        "asset_definition",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        *_synced(),
    )


def downgrade() -> None:
    for name in ("asset_definition", "asset_change", "asset_field"):
        op.drop_table(name)
    with op.batch_alter_table("channel") as table:
        table.drop_column("retention_days")
    for name, columns in COLUMNS.items():
        with op.batch_alter_table(name) as table:
            for column, _ in columns:
                table.drop_column(column)
