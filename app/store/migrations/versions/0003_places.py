"""landmarks; places are found by name; the nearest cameras by index"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from app.store.search import place_text

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Table to the columns its search text is made of.
SEARCHED = {
    "organisation": ("name", "name_en"),
    "site": ("name", "name_en", "address"),
    "position": ("name", "pole_number"),
}


def upgrade() -> None:
    op.create_table(
        "landmark",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.String(32), nullable=False),
        sa.Column("deleted_at", sa.String(32)),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("name_en", sa.String(100), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
    )
    connection = op.get_bind()
    for name, columns in SEARCHED.items():
        op.add_column(name, sa.Column("search_text", sa.Text(), nullable=False, server_default=""))
        table = sa.table(name, *(sa.column(c) for c in ("id", "search_text", *columns)))
        rows = connection.execute(sa.select(table.c.id, *(table.c[c] for c in columns))).all()
        if rows:
            connection.execute(
                sa.update(table)
                .where(table.c.id == sa.bindparam("_id"))
                .values(search_text=sa.bindparam("_text")),
                [{"_id": r.id, "_text": _text(name, r)} for r in rows],
            )
    op.create_index("landmark_find", "landmark", ["deleted_at", "id", "search_text"])
    op.create_index("site_place", "site", ["latitude", "longitude"])
    op.create_index(
        "position_place", "position", ["latitude", "longitude", "deleted_at", "id"]
    )
    op.create_index("position_site", "position", ["site_id", "latitude", "deleted_at", "id"])
    op.create_index("position_find", "position", ["deleted_at", "id", "search_text"])
    op.create_index("device_position", "device", ["position_id"])
    op.create_index("channel_device", "channel", ["device_id"])


def _text(table: str, row: Any) -> str:
    if table == "position":
        return place_text(row.name, "", row.pole_number)
    return place_text(row.name, row.name_en, *([row.address] if table == "site" else []))


def downgrade() -> None:
    op.drop_index("channel_device", "channel")
    op.drop_index("device_position", "device")
    for index in ("position_find", "position_site", "position_place"):
        op.drop_index(index, "position")
    op.drop_index("site_place", "site")
    for name in SEARCHED:
        with op.batch_alter_table(name) as table:
            table.drop_column("search_text")
    op.drop_table("landmark")
