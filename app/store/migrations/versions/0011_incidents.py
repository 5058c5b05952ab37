"""logs of incidents, shifts and patrols; outages; the camera of a retrieval as a column"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "log",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("book", sa.String(10), nullable=False),
        sa.Column("console", sa.String(100), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("camera_id", sa.String(36), nullable=False),
        sa.Column("author", sa.String(100), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("chain", sa.String(64), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(100), nullable=False),
        sa.Column("organisation_id", sa.String(36), nullable=False),
    )
    op.create_index("log_number", "log", ["book", "console", "number"])
    op.create_index("log_about", "log", ["subject"])
    op.create_index("log_camera", "log", ["camera_id", "book", "subject"])
    op.create_index("log_author", "log", ["author", "book", "subject"])
    op.create_index("log_seen", "log", ["organisation_id", "id"])
    op.create_table(
        "log_subject",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("book", sa.String(10), nullable=False),
        sa.Column("console", sa.String(100), nullable=False),
        sa.Column("number", sa.String(120), nullable=False),
        sa.Column("begun_at", sa.String(32), nullable=False),
        sa.Column("ended_at", sa.String(32), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("category", sa.String(100), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("person", sa.String(100), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("open_matters", sa.Integer(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
    )
    op.create_index(
        "log_subject_time", "log_subject",
        ["book", "begun_at", "id", "state", "category", "search_text"],
    )
    op.create_index("log_subject_state", "log_subject", ["book", "state", "begun_at"])
    op.create_table(
        "outage",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("camera_id", sa.String(36), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("cause", sa.String(20), nullable=False),
        sa.Column("since", sa.String(32), nullable=False),
        sa.Column("until", sa.String(32), nullable=False),
    )
    op.create_index("outage_time", "outage", ["since"])
    op.create_index("outage_camera", "outage", ["camera_id", "since"])
    op.create_index("outage_until", "outage", ["until"])
    op.create_table(
        "patrol",
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("organisation_id", sa.String(36), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.String(32), nullable=False),
        sa.Column("deleted_at", sa.String(32)),
    )
    op.add_column(
        "retrieval", sa.Column("camera_id", sa.String(36), nullable=False, server_default="")
    )
    op.create_index("retrieval_camera", "retrieval", ["camera_id", "at"])
    op.create_index("retrieval_at", "retrieval", ["at"])
    connection = op.get_bind()
    table = sa.table("retrieval", sa.column("id"), sa.column("content"), sa.column("camera_id"))
    for identity, content in connection.execute(sa.select(table.c.id, table.c.content)).all():
        try:
            camera = str(json.loads(content).get("camera_id", ""))[:36]
        except (ValueError, AttributeError):
            continue
        connection.execute(
            table.update().where(table.c.id == identity).values(camera_id=camera)
        )


def downgrade() -> None:
    op.drop_index("retrieval_at", "retrieval")
    op.drop_index("retrieval_camera", "retrieval")
    with op.batch_alter_table("retrieval") as table:
        table.drop_column("camera_id")
    for name in ("patrol", "outage", "log_subject", "log"):
        op.drop_table(name)
