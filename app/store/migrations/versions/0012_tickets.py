"""faults: tickets, their events and time limits, maintenance; who answers for a site"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = ("ticket_rules", "ticket", "ticket_event", "ticket_camera", "maintenance")


def upgrade() -> None:
    for name, length in (("responsible_id", 36), ("maintainer_id", 36), ("contact", 200)):
        op.add_column(
            "site",
            sa.Column(name, sa.String(length), nullable=False, server_default=""),
        )
    op.create_table(
        "ticket_rules",
        sa.Column("organisation_id", sa.String(36), nullable=False),
        sa.Column("person", sa.String(100), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.String(32), nullable=False),
        sa.Column("deleted_at", sa.String(32)),
    )
    op.create_index("ix_ticket_rules_organisation_id", "ticket_rules", ["organisation_id"])
    op.create_table(
        "ticket",
        sa.Column("console", sa.String(100), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(100), nullable=False),
        sa.Column("author", sa.String(100), nullable=False),
        sa.Column("organisation_id", sa.String(36), nullable=False),
        sa.Column("site_id", sa.String(36), nullable=False),
        sa.Column("camera_id", sa.String(36), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False, server_default="new"),
        sa.Column("is_open", sa.Boolean(), nullable=False, server_default="1"),
        sa.Column("category", sa.String(3), nullable=False, server_default=""),
        sa.Column("priority", sa.String(2), nullable=False, server_default=""),
        sa.Column("responsible_id", sa.String(36), nullable=False, server_default=""),
        sa.Column("maintainer_id", sa.String(36), nullable=False, server_default=""),
        sa.Column("team", sa.String(100), nullable=False, server_default=""),
        sa.Column("due", sa.String(32), nullable=False, server_default="9999"),
        sa.Column("due_restore", sa.String(32), nullable=False, server_default=""),
        sa.Column("state_since", sa.String(32), nullable=False, server_default=""),
        sa.Column("fault_at", sa.String(32), nullable=False, server_default=""),
        sa.Column("detected_at", sa.String(32), nullable=False, server_default=""),
        sa.Column("dispatched_at", sa.String(32), nullable=False, server_default=""),
        sa.Column("accepted_at", sa.String(32), nullable=False, server_default=""),
        sa.Column("arrived_at", sa.String(32), nullable=False, server_default=""),
        sa.Column("repaired_at", sa.String(32), nullable=False, server_default=""),
        sa.Column("verified_at", sa.String(32), nullable=False, server_default=""),
        sa.Column("closed_at", sa.String(32), nullable=False, server_default=""),
        sa.Column("last_at", sa.String(32), nullable=False, server_default=""),
        sa.Column("paused_s", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("cause", sa.String(3), nullable=False, server_default=""),
        sa.Column("joined", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("reopened", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("level", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("part_of", sa.String(36), nullable=False, server_default=""),
        sa.Column("asked", sa.String(20), nullable=False, server_default=""),
        sa.Column("title", sa.String(200), nullable=False, server_default=""),
        sa.Column("title_en", sa.String(200), nullable=False, server_default=""),
        sa.Column("cameras", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("search_text", sa.Text(), nullable=False, server_default=""),
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.String(32), nullable=False),
        sa.Column("deleted_at", sa.String(32)),
    )
    op.create_index("ticket_camera_first", "ticket", ["camera_id", "at"])
    op.create_index("ticket_due", "ticket", ["is_open", "due", "id", "state", "priority", "search_text"])
    op.create_index("ticket_last", "ticket", ["last_at", "id", "state", "priority", "search_text"])
    op.create_index("ticket_maintainer", "ticket", ["maintainer_id", "is_open", "due"])
    op.create_index("ticket_number", "ticket", ["console", "number"])
    op.create_index("ticket_organisation", "ticket", ["organisation_id", "is_open"])
    op.create_index("ticket_responsible", "ticket", ["responsible_id", "is_open"])
    op.create_index("ticket_past", "ticket", ["is_open", "last_at", "id", "state", "priority", "search_text"])
    op.create_index("ticket_state", "ticket", ["state", "last_at", "id"])
    op.create_index("ticket_team", "ticket", ["team", "is_open", "due"])
    op.create_table(
        "ticket_event",
        sa.Column("ticket_id", sa.String(36), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("action", sa.String(20), nullable=False),
        sa.Column("person", sa.String(100), nullable=False),
        sa.Column("author", sa.String(100), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.String(32), nullable=False),
        sa.Column("deleted_at", sa.String(32)),
    )
    op.create_index("ticket_event_ticket", "ticket_event", ["ticket_id", "rev", "id"])
    op.create_table(
        "ticket_camera",
        sa.Column("camera_id", sa.String(36), primary_key=True),
        sa.Column("ticket_id", sa.String(36), primary_key=True),
        sa.Column("is_open", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_ticket_camera_ticket_id", "ticket_camera", ["ticket_id"])
    op.create_table(
        "maintenance",
        sa.Column("channel_id", sa.String(36), nullable=False),
        sa.Column("begin", sa.String(32), nullable=False),
        sa.Column("until", sa.String(32), nullable=False),
        sa.Column("ended_at", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("person", sa.String(100), nullable=False),
        sa.Column("author", sa.String(100), nullable=False),
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.String(32), nullable=False),
        sa.Column("deleted_at", sa.String(32)),
    )
    op.create_index("ix_maintenance_channel_id", "maintenance", ["channel_id"])


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name)
    with op.batch_alter_table("site") as table:
        for name in ("contact", "maintainer_id", "responsible_id"):
            table.drop_column(name)
