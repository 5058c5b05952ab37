"""the central server: accounts, consoles, grants, sharing, audit"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "server_state",
        sa.Column("key", sa.String(50), primary_key=True),
        sa.Column("value", sa.Text(), nullable=False),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("login", sa.String(100), nullable=False, unique=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("organisation_id", sa.String(36), sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("roles", sa.String(200), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("disabled_at", sa.String(32)),
        sa.Column("created_at", sa.String(32), nullable=False),
    )
    op.create_index("ix_account_organisation_id", "account", ["organisation_id"])
    op.create_table(
        "console",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("organisation_id", sa.String(36), sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("enrolled_at", sa.String(32), nullable=False),
        sa.Column("revoked_at", sa.String(32)),
    )
    op.create_index("ix_console_organisation_id", "console", ["organisation_id"])
    op.create_table(
        "one_time_code",
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("organisation_id", sa.String(36), sa.ForeignKey("organisation.id")),
        sa.Column("expires_at", sa.String(32), nullable=False),
        sa.Column("used_at", sa.String(32)),
    )
    op.create_table(
        "token",
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("family", sa.String(36), nullable=False),
        sa.Column("account_id", sa.String(36), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("console_id", sa.String(36), nullable=False),
        sa.Column("channel_id", sa.String(36), nullable=False),
        sa.Column("parent", sa.String(64), nullable=False),
        sa.Column("expires_at", sa.String(32), nullable=False),
        sa.Column("used_at", sa.String(32)),
        sa.Column("revoked_at", sa.String(32)),
    )
    op.create_index("ix_token_account_id", "token", ["account_id"])
    op.create_index("ix_token_expires_at", "token", ["expires_at"])
    op.create_index("ix_token_family", "token", ["family"])
    op.create_table(
        "sign_in_attempt",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.String(32), nullable=False),
        sa.Column("locked_until", sa.String(32), nullable=False),
    )
    op.create_index("ix_sign_in_attempt_last_at", "sign_in_attempt", ["last_at"])
    op.create_table(
        "camera_group",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("organisation_id", sa.String(36), sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("deleted_at", sa.String(32)),
    )
    op.create_index("ix_camera_group_organisation_id", "camera_group", ["organisation_id"])
    op.create_table(
        "camera_group_member",
        sa.Column("group_id", sa.String(36), sa.ForeignKey("camera_group.id"), primary_key=True),
        sa.Column("channel_id", sa.String(36), sa.ForeignKey("channel.id"), primary_key=True),
    )
    op.create_index("camera_group_of_channel", "camera_group_member", ["channel_id", "group_id"])
    op.create_table(
        "permission_grant",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("organisation_id", sa.String(36), sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("subject_kind", sa.String(20), nullable=False),
        sa.Column("subject_id", sa.String(36), nullable=False),
        sa.Column("object_kind", sa.String(20), nullable=False),
        sa.Column("object_id", sa.String(36), nullable=False),
        sa.Column("permissions", sa.String(200), nullable=False),
        sa.Column("effect", sa.String(5), nullable=False),
        sa.Column("not_before", sa.String(32), nullable=False),
        sa.Column("not_after", sa.String(32)),
        sa.Column("basis", sa.String(500), nullable=False),
        sa.Column("created_by", sa.String(36), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("withdrawn_at", sa.String(32)),
        sa.Column("withdrawn_by", sa.String(36), nullable=False),
        sa.Column("withdrawn_reason", sa.String(500), nullable=False),
    )
    op.create_index("grant_subject", "permission_grant", ["subject_kind", "subject_id"])
    op.create_index("ix_permission_grant_organisation_id", "permission_grant", ["organisation_id"])
    op.create_table(
        "share_request",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("asking_organisation_id", sa.String(36), sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("owning_organisation_id", sa.String(36), sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("asked_by", sa.String(36), nullable=False),
        sa.Column("asked_at", sa.String(32), nullable=False),
        sa.Column("object_kind", sa.String(20), nullable=False),
        sa.Column("object_id", sa.String(36), nullable=False),
        sa.Column("permissions", sa.String(200), nullable=False),
        sa.Column("purpose", sa.String(500), nullable=False),
        sa.Column("not_before", sa.String(32), nullable=False),
        sa.Column("not_after", sa.String(32), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("decided_by", sa.String(36), nullable=False),
        sa.Column("decided_at", sa.String(32)),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("grant_id", sa.String(36), sa.ForeignKey("permission_grant.id")),
    )
    op.create_index("ix_share_request_asking_organisation_id", "share_request", ["asking_organisation_id"])
    op.create_index("ix_share_request_owning_organisation_id", "share_request", ["owning_organisation_id"])
    op.create_table(
        "device_secret",
        sa.Column("device_id", sa.String(36), sa.ForeignKey("device.id"), primary_key=True),
        sa.Column("key_id", sa.String(16), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "audit_head",
        sa.Column("chain", sa.String(36), primary_key=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_table(
        "audit",
        sa.Column("chain", sa.String(36), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("organisation_id", sa.String(36), nullable=False),
        sa.Column("owner_id", sa.String(36), nullable=False),
    )
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_index("ix_audit_organisation_id", "audit", ["organisation_id"])
    op.create_index("ix_audit_owner_id", "audit", ["owner_id"])


def downgrade() -> None:
    op.drop_table("audit")
    op.drop_table("audit_head")
    op.drop_table("device_secret")
    op.drop_table("share_request")
    op.drop_table("permission_grant")
    op.drop_table("camera_group_member")
    op.drop_table("camera_group")
    op.drop_table("sign_in_attempt")
    op.drop_table("token")
    op.drop_table("one_time_code")
    op.drop_table("console")
    op.drop_table("account")
    op.drop_table("server_state")
