"""former codes are kept; lists are in the order of pinyin; call numbers are found as typed"""

import sqlalchemy as sa
from alembic import op

from app.store.search import search_text, sort_key

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "former_code",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.String(32), nullable=False),
        sa.Column("deleted_at", sa.String(32)),
        sa.Column("channel_id", sa.String(36), sa.ForeignKey("channel.id"), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
    )
    op.create_index("ix_former_code_channel_id", "former_code", ["channel_id"])
    op.drop_index("channel_find", "channel")
    op.add_column(
        "channel", sa.Column("sort_key", sa.String(200), nullable=False, server_default="")
    )
    channel = sa.table(
        "channel",
        *(
            sa.column(name)
            for name in (
                "id", "name", "name_en", "code", "address", "call_number", "search_text", "sort_key"
            )
        ),
    )
    connection = op.get_bind()
    c = channel.c
    rows = connection.execute(
        sa.select(c.id, c.name, c.name_en, c.code, c.address, c.call_number)
    ).all()
    if rows:
        connection.execute(
            sa.update(channel)
            .where(c.id == sa.bindparam("_id"))
            .values(search_text=sa.bindparam("_text"), sort_key=sa.bindparam("_key")),
            [
                {
                    "_id": r.id,
                    "_text": search_text(r.name, r.name_en, (r.code,), r.address, r.call_number),
                    "_key": sort_key(r.name),
                }
                for r in rows
            ],
        )
    op.create_index(
        "channel_find", "channel", ["deleted_at", "sort_key", "id", "search_text", "call_number"]
    )


def downgrade() -> None:
    op.drop_index("channel_find", "channel")
    with op.batch_alter_table("channel") as table:
        table.drop_column("sort_key")
    op.create_index(
        "channel_find", "channel", ["deleted_at", "name", "id", "search_text", "call_number"]
    )
    op.drop_table("former_code")
